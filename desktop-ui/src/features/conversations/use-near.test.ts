import { describe, expect, it } from 'vitest';

import { stretchesOf } from './use-near.ts';

const told = (count: number, near: [number, number], pinned: number[]) =>
  stretchesOf(count, { from: near[0], to: near[1] }, pinned).map(({ from, to, drawn }) => `${drawn ? '' : 'gap '}${from}-${to}`);

describe('a long list is drawn', () => {
  it.each([
    ['whole when it is near', 5, [0, 5], [0, 2, 4], ['0-1', '1-5']],
    ['near the screen, with both ends and what is open', 1000, [200, 260], [0, 700, 999], ['0-1', 'gap 1-200', '200-260', 'gap 260-700', '700-701', 'gap 701-999', '999-1000']],
    ['once where what is pinned is near', 1000, [200, 260], [210], ['gap 0-200', '200-260', 'gap 260-1000']],
    ['at its end even if it became shorter', 50, [200, 260], [0, 49], ['0-1', 'gap 1-49', '49-50']],
    ['without what is not in it', 3, [0, 3], [0, -1, 2], ['0-1', '1-3']],
    ['not at all when it is empty', 0, [0, 0], [0, -1, -1], []],
  ] as const)('%s', (_, count, near, pinned, result) => {
    expect(told(count, [...near], [...pinned])).toEqual(result);
  });
});
