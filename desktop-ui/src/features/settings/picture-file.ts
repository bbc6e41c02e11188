// A file that somebody chose as their picture, read and looked at before it goes to the server.

/** As the server has it. */
export const PICTURE_BYTES = 1024 * 1024;
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;

export type PictureFile =
  | { ok: true; /** In base64, for the host. */ data: string; /** To look at. */ url: string }
  | { ok: false; problem: 'not_a_picture' }
  | { ok: false; problem: 'too_large'; bytes: number };

/** How each of the types begins. What a file is called says nothing. */
const BEGINNINGS: readonly { type: (typeof PICTURE_TYPES)[number]; at: number; bytes: string }[] = [
  { type: 'image/png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { type: 'image/webp', at: 8, bytes: 'WEBP' },
];

export async function readPicture(file: File): Promise<PictureFile> {
  if (file.size > PICTURE_BYTES) {
    return { ok: false, problem: 'too_large', bytes: file.size };
  }
  const content = binary(new Uint8Array(await file.arrayBuffer()));
  const type = BEGINNINGS.find(({ at, bytes }) => content.startsWith(bytes, at))?.type;
  if (type === undefined) {
    return { ok: false, problem: 'not_a_picture' };
  }
  const data = btoa(content);
  return { ok: true, data, url: `data:${type};base64,${data}` };
}

/** Bytes as the text that `btoa` takes, in pieces that fit on the stack. */
function binary(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  }
  return pieces.join('');
}
