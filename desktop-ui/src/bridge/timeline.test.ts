import { describe, expect, it } from 'vitest';

import { ADA, message, MORNING, pending, timeline } from '#testing/builders.ts';

import { accepted, appended, unsent, withEarlier, withPending, withSend, rested, type Timeline } from './timeline.ts';

const bodies = (held: Timeline | null) => held?.entries.map((entry) => (entry.kind === 'message' ? entry.body : entry.kind));
const press = (body: string, localId = 'local 1') => ({ localId, body, writtenAt: MORNING });

describe('entries', () => {
  it('continue the timeline', () => {
    expect(bodies(appended(timeline([message(1, 'a')]), [message(2, 'b')], null))).toEqual(['a', 'b']);
  });

  it('that are known already change nothing', () => {
    const held = timeline([message(1, 'a'), message(2, 'b')]);
    expect(appended(held, [message(1, 'a'), message(2, 'b')], null)).toBe(held);
  });

  it('behind a hole ask for the conversation again', () => {
    expect(appended(timeline([message(1, 'a')]), [message(3, 'c')], null)).toBeNull();
  });

  it('of an earlier page come before, once', () => {
    const page = { conversation: 'c_1', entries: [message(1, 'a'), message(2, 'b')], has_earlier: false, reaches_end: false };
    const next = withEarlier(timeline([message(2, 'b'), message(3, 'c')], { hasEarlier: true }), page);
    expect(bodies(next)).toEqual(['a', 'b', 'c']);
    expect(next.hasEarlier).toBe(false);
  });

  it('of a conversation that is left are let go, and can be loaded again', () => {
    const many = Array.from({ length: 500 }, (_, index) => message(index + 1, `${index}`));
    const next = rested(timeline(many));
    expect(next.entries).toHaveLength(200);
    expect(next.entries.at(-1)?.seq).toBe(500);
    expect(next.hasEarlier).toBe(true);
  });
});

describe('a message on its way', () => {
  it('is there once when the host answers before it tells', () => {
    let held = withSend(timeline([]), press('hi'));
    held = accepted(held, 'local 1', pending('m_1', 'hi'));
    held = withPending(held, [pending('m_1', 'hi')]);
    expect([held.sending.length, held.pending.length]).toEqual([0, 1]);
  });

  it('is there once when the host tells before it answers', () => {
    let held = withSend(timeline([]), press('hi'));
    held = withPending(held, [pending('m_1', 'hi')]);
    expect([held.sending.length, held.pending.length]).toEqual([0, 1]);
    held = accepted(held, 'local 1', pending('m_1', 'hi'));
    expect([held.sending.length, held.pending.length]).toEqual([0, 1]);
  });

  it('is there once when it is stored before the host answers', () => {
    let held = withSend(timeline([]), press('hi'));
    held = appended(held, [message(1, 'hi', { author: ADA.id, client_id: 'm_x' })], ADA.id) ?? held;
    held = accepted(held, 'local 1', pending('m_x', 'hi'));
    expect([held.sending.length, held.pending.length, held.entries.length]).toEqual([0, 0, 1]);
  });

  it('leaves the second of two equal ones alone', () => {
    let held = withSend(withSend(timeline([]), press('ok', 'local 1')), press('ok', 'local 2'));
    held = withPending(held, [pending('m_1', 'ok')]);
    held = accepted(held, 'local 1', pending('m_1', 'ok'));
    expect(held.sending.map((send) => send.localId)).toEqual(['local 2']);
  });

  it('is not taken for a message of somebody else with the same words', () => {
    const held = appended(withSend(timeline([]), press('ok')), [message(1, 'ok')], ADA.id);
    expect(held?.sending).toHaveLength(1);
  });

  it('is not shown twice when its entry comes before the list without it', () => {
    const held = timeline([message(1, 'hi', { author: ADA.id, client_id: 'm_x' })], { pending: [pending('m_x', 'hi')] });
    expect(unsent(held)).toEqual([]);
  });
});
