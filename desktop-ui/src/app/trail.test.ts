import { describe, expect, it } from 'vitest';

import { left, LONGEST_TRAIL, NO_TRAIL, stepped, type Spot, type Trail } from './trail.ts';

const at = (conversation: string, seq: number | null = null): Spot => {
  return { view: 'conversation', conversation, at: seq === null ? null : { seq, below: 0 } };
};
const everything = () => true;
const walked = (...spots: Spot[]): Trail => spots.reduce(left, NO_TRAIL);
const names = (spots: readonly Spot[]) => spots.map((spot) => spot.conversation).join(' ');

describe('going back', () => {
  it('leads to where the person was, and forward again to where they came from', () => {
    const back = stepped(walked(at('a'), at('b', 7)), 'back', at('c'), everything);
    expect(back?.to).toEqual(at('b', 7));

    const further = stepped(back!.trail, 'back', back!.to, everything);
    expect(further?.to).toEqual(at('a'));
    expect(stepped(further!.trail, 'back', further!.to, everything)).toBeNull();

    const forward = stepped(further!.trail, 'forward', further!.to, everything);
    expect(forward?.to).toEqual(at('b', 7));
    expect(stepped(forward!.trail, 'forward', forward!.to, everything)?.to).toEqual(at('c'));
  });

  it('remembers where the person was when they went back', () => {
    const back = stepped(walked(at('a')), 'back', at('b', 40), everything);
    expect(stepped(back!.trail, 'forward', at('a'), everything)?.to).toEqual(at('b', 40));
  });

  it('passes over what is gone, and over where one is', () => {
    const trail = walked(at('a'), at('gone'), at('c', 3));
    expect(stepped(trail, 'back', at('c', 3), (spot) => spot.conversation !== 'gone')?.to).toEqual(at('a'));
  });

  it('goes from place to place within a conversation', () => {
    const back = stepped(walked(at('a', 3), at('a', 90)), 'back', at('a'), everything);
    expect(back?.to).toEqual(at('a', 90));
  });
});

it('going somewhere new ends the way forward', () => {
  const back = stepped(walked(at('a'), at('b')), 'back', at('c'), everything);
  expect(left(back!.trail, at('b')).after).toEqual([]);
});

it('leaving the same place twice is one step back', () => {
  expect(names(walked(at('a'), at('b'), at('b')).before)).toBe('a b');
});

it('never grows beyond its bound', () => {
  const long = walked(...Array.from({ length: 3 * LONGEST_TRAIL }, (_, step) => at(`c${step}`)));
  expect(long.before).toHaveLength(LONGEST_TRAIL);
  expect(long.before.at(-1)).toEqual(at(`c${3 * LONGEST_TRAIL - 1}`));
});
