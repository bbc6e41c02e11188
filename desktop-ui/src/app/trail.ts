// Where the person was in the window, for going back and forward again. Pure functions.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { Anchor } from '#bridge/timeline.ts';

/** What stands beside the list. */
export type View = 'conversation' | 'search' | 'mentions';

/** A view; of a conversation which one, and where in it, null at its end. */
export interface Spot {
  view: View;
  conversation: ConversationId | null;
  at: Anchor | null;
}

export interface Trail {
  /** The newest last. */
  before: readonly Spot[];
  /** The next one last. */
  after: readonly Spot[];
}

/** Nobody goes back further than this by one step at a time. */
export const LONGEST_TRAIL = 50;

export const NO_TRAIL: Trail = { before: [], after: [] };

/** The person goes somewhere new from here: what lay ahead is no longer where forward leads. */
export function left(trail: Trail, from: Spot): Trail {
  return { before: pushed(trail.before, from), after: [] };
}

/**
 * One step from `here` to where the person was before, or forward again; null at the end. What is gone is passed over,
 * and so is where they are already.
 */
export function stepped(
  trail: Trail,
  step: 'back' | 'forward',
  here: Spot | null,
  isThere: (spot: Spot) => boolean,
): { trail: Trail; to: Spot } | null {
  const [behind, ahead] = step === 'back' ? [trail.after, trail.before] : [trail.before, trail.after];
  const at = ahead.findLastIndex((spot) => isThere(spot) && !(here !== null && isSame(spot, here)));
  const to = ahead[at];
  if (to === undefined) {
    return null;
  }
  const rest = ahead.slice(0, at);
  const left = here === null ? behind : pushed(behind, here);
  return { trail: step === 'back' ? { before: rest, after: left } : { before: left, after: rest }, to };
}

function pushed(spots: readonly Spot[], spot: Spot): readonly Spot[] {
  const last = spots.at(-1);
  const others = last !== undefined && isSame(last, spot) ? spots.slice(0, -1) : spots;
  return [...others.slice(1 - LONGEST_TRAIL), spot];
}

function isSame(one: Spot, other: Spot): boolean {
  const isSameView = one.view === other.view && one.view !== 'conversation';
  return isSameView || (one.view === other.view && one.conversation === other.conversation && one.at?.seq === other.at?.seq);
}
