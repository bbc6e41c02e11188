import { describe, expect, it } from 'vitest';

import { ADA, MEI, message, pending, person, row, signedInHost, timeline } from '#testing/builders.ts';

import type { ConversationRow } from './generated/ConversationRow.ts';
import { keys } from './keys.ts';
import { LiveCache, type People } from './live-cache.ts';
import type { Timeline } from './timeline.ts';

function filled() {
  const live = new LiveCache(signedInHost());
  live.client.setQueryData(keys.conversations, [row('c_new', { last_at: 20 }), row('c_old', { last_at: 10 })]);
  live.client.setQueryData(keys.timeline('c_1'), timeline([message(1, 'a')]));
  return live;
}

const order = (live: LiveCache) => live.client.getQueryData<ConversationRow[]>(keys.conversations)?.map(({ id }) => id);
const held = (live: LiveCache) => live.client.getQueryData<Timeline>(keys.timeline('c_1'));

describe('a change', () => {
  it('of a row moves it to its place by activity', () => {
    const live = filled();
    live.apply({ change: 'conversations', rows: [row('c_old', { last_at: 30, unread: 2 })] });
    expect(order(live)).toEqual(['c_old', 'c_new']);
  });

  it('with a new row adds it', () => {
    const live = filled();
    live.apply({ change: 'conversations', rows: [row('c_third', { last_at: 15 })] });
    expect(order(live)).toEqual(['c_new', 'c_third', 'c_old']);
  });

  it('that removes a conversation leaves nothing of it', () => {
    const live = filled();
    live.client.setQueryData(keys.timeline('c_old'), timeline([]));
    live.apply({ change: 'conversation_removed', conversation: 'c_old' });
    expect(order(live)).toEqual(['c_new']);
    expect(live.client.getQueryData(keys.timeline('c_old'))).toBeUndefined();
  });

  it('with entries continues an open conversation', () => {
    const live = filled();
    live.apply({ change: 'appended', conversation: 'c_1', entries: [message(2, 'b')] });
    expect(held(live)?.entries.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('with entries behind a hole makes the conversation load again', () => {
    const live = filled();
    live.apply({ change: 'appended', conversation: 'c_1', entries: [message(5, 'e')] });
    expect(live.client.getQueryState(keys.timeline('c_1'))?.isInvalidated).toBe(true);
  });

  it('of a conversation nobody opened is left to the disk', () => {
    const live = filled();
    live.apply({ change: 'appended', conversation: 'c_2', entries: [message(1, 'x')] });
    expect(live.client.getQueryData(keys.timeline('c_2'))).toBeUndefined();
  });

  it('of unsent messages replaces the list', () => {
    const live = filled();
    live.apply({ change: 'pending', conversation: 'c_1', pending: [pending('m_9', 'later')] });
    live.apply({ change: 'pending', conversation: 'c_1', pending: [] });
    expect(held(live)?.pending).toEqual([]);
  });

  it('of a person replaces only that person', () => {
    const live = filled();
    live.client.setQueryData(keys.people, new Map([[ADA.id, ADA], [MEI.id, MEI]]));
    live.apply({ change: 'people', people: [person(MEI.id, 'Mei Lin Tan')] });
    const people = live.client.getQueryData<People>(keys.people);
    expect([...(people?.values() ?? [])].map(({ name }) => name)).toEqual(['Ada Winter', 'Mei Lin Tan']);
  });

  it('to another session forgets what the one before saw', () => {
    const live = filled();
    live.client.setQueryData(keys.session, signedInHost().world.signedIn());
    live.apply({ change: 'session', session: { phase: 'signed_out', server: null, email: null, reason: null } });
    expect(order(live)).toBeUndefined();
    expect(held(live)).toBeUndefined();
  });

  it('of the profile within a session forgets nothing', () => {
    const live = filled();
    const { world } = signedInHost();
    live.client.setQueryData(keys.session, world.signedIn());
    world.setMe({ ...ADA, name: 'Ada W.' });
    live.apply({ change: 'session', session: world.signedIn() });
    expect(order(live)).toEqual(['c_new', 'c_old']);
  });
});

describe('loading', () => {
  it('keeps a change that came while the host was reading', async () => {
    const host = signedInHost(['first']);
    const live = new LiveCache(host);
    await live.listening();
    const before = await host.openConversation('c_general');
    let answer: (page: typeof before) => void = () => undefined;
    host.openConversation = () => new Promise((resolve) => (answer = resolve));

    const loading = live.loadTimeline('c_general');
    await Promise.resolve();
    host.receive('c_general', MEI.id, 'second');
    await new Promise((resolve) => setTimeout(resolve, 0));
    answer({ ...before, page: { ...before.page, entries: before.page.entries.slice(0, 1) } });

    expect((await loading).entries.map((entry) => entry.kind === 'message' && entry.body)).toEqual(['first', 'second']);
  });
});
