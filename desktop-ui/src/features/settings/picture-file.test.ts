import { expect, it } from 'vitest';

import { PICTURE_BYTES, readPicture } from './picture-file.ts';

const file = (bytes: number[], name = 'me.png') => new File([new Uint8Array(bytes)], name);
const bytesOf = (text: string) => [...new TextEncoder().encode(text)];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3];

it.each([
  ['PNG', PNG, 'image/png'],
  ['JPEG', [0xff, 0xd8, 0xff, 0xe0, 1], 'image/jpeg'],
  ['WebP', [...bytesOf('RIFF'), 9, 9, 9, 9, ...bytesOf('WEBP')], 'image/webp'],
])('a %s is read, whatever it is called', async (_, bytes, type) => {
  const read = await readPicture(file(bytes, 'holiday.txt'));
  expect(read).toEqual({
    ok: true,
    data: btoa(String.fromCharCode(...bytes)),
    url: `data:${type};base64,${btoa(String.fromCharCode(...bytes))}`,
  });
});

it.each([
  ['a drawing with scripts', bytesOf('<svg xmlns="http://www.w3.org/2000/svg">')],
  ['an empty file', []],
  ['what only ends like a picture', [1, ...PNG]],
])('%s is no picture', async (_, bytes) => {
  expect(await readPicture(file(bytes))).toEqual({ ok: false, problem: 'not_a_picture' });
});

it('as large as allowed is read, one byte more is too large', async () => {
  const largest = new Uint8Array(PICTURE_BYTES);
  largest.set(PNG);
  expect((await readPicture(new File([largest], 'a.png'))).ok).toBe(true);
  expect(await readPicture(new File([largest, new Uint8Array(1)], 'a.png'))).toEqual({
    ok: false,
    problem: 'too_large',
    bytes: PICTURE_BYTES + 1,
  });
});
