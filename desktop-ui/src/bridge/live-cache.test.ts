import { QueryObserver } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';

import { ADA, MEI, message, pending, person, row, signedInHost, timeline } from '#testing/builders.ts';

import type { ConversationRow } from './generated/ConversationRow.ts';
import { keys } from './keys.ts';
import type { WorkspaceSettings } from './generated/WorkspaceSettings.ts';
import { LiveCache, type People, type PresenceOf } from './live-cache.ts';
import { shownStretch, type Timeline } from './timeline.ts';
import { changeWriting, writingIn } from './writing.ts';

function filled() {
  const live = new LiveCache(signedInHost());
  live.client.setQueryData(keys.conversations, [row('c_new', { last_at: 20 }), row('c_old', { last_at: 10 })]);
  live.client.setQueryData(keys.timeline('c_1'), timeline([message(1, 'a')]));
  return live;
}

const order = (live: LiveCache) => live.client.getQueryData<ConversationRow[]>(keys.conversations)?.map(({ id }) => id);
const held = (live: LiveCache) => live.client.getQueryData<Timeline>(keys.timeline('c_1'));

it('what a key changed is told within the same task, so that it is drawn in the same frame', async () => {
  const live = filled();
  const told: unknown[] = [];
  const observer = new QueryObserver<Timeline>(live.client, { queryKey: keys.timeline('c_1'), enabled: false });
  const stop = observer.subscribe(({ data }) => told.push(data?.sending.length));
  void live.sends.send('c_1', { body: 'b', reply: null });
  await Promise.resolve();
  expect(told).toEqual([1]);
  stop();
});

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
    live.apply({ change: 'appended', conversation: 'c_1', items: [message(2, 'b')], last: 2 });
    expect(held(live)?.items.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('of a conversation nobody opened is left to the disk', () => {
    const live = filled();
    live.apply({ change: 'appended', conversation: 'c_2', items: [message(1, 'x')], last: 1 });
    expect(live.client.getQueryData(keys.timeline('c_2'))).toBeUndefined();
  });

  it('of messages changes them where they are drawn', () => {
    const live = filled();
    live.apply({ change: 'messages', conversation: 'c_1', messages: [message(1, 'edited', { edited_at: 9 })] });
    expect(held(live)?.items[0]).toMatchObject({ body: 'edited', edited_at: 9 });
  });

  it('of receipts replaces them', () => {
    const live = filled();
    live.apply({ change: 'receipts', conversation: 'c_1', receipts: [{ person: MEI.id, ordinal: 1 }] });
    expect(held(live)?.receipts).toEqual([{ person: MEI.id, ordinal: 1 }]);
  });

  it('of typing is kept for its conversation', () => {
    const live = filled();
    live.apply({ change: 'typing', conversation: 'c_1', people: [MEI.id] });
    expect(live.client.getQueryData(keys.typing('c_1'))).toEqual([MEI.id]);
    live.apply({ change: 'typing', conversation: 'c_1', people: [] });
    expect(live.client.getQueryData(keys.typing('c_1'))).toEqual([]);
  });

  it('of presence replaces only those people', () => {
    const live = filled();
    const away = { person: MEI.id, presence: 'away', last_seen: null } as const;
    live.client.setQueryData(keys.presence, new Map([[ADA.id, { ...away, person: ADA.id }]]));
    live.apply({ change: 'presence', people: [away] });
    expect(live.client.getQueryData<PresenceOf>(keys.presence)?.size).toBe(2);
  });

  it('of a refused act is told, and an edit that was refused comes back into the editor', () => {
    const live = filled();
    const act = { act: 'edit', body: 'what I wrote' } as const;
    live.apply({ change: 'act_refused', conversation: 'c_1', seq: 1, act, failure: { reason: 'signed_out' } });
    expect(live.client.getQueryData(keys.refusals)).toMatchObject([{ conversation: 'c_1', seq: 1, act }]);
    expect(writingIn(live.client, 'c_1').editing).toEqual({ seq: 1, body: 'what I wrote', from: 'refusal' });
  });

  it('of a refused edit does not take the place of one that is being made', () => {
    const live = filled();
    changeWriting(live.client, 'c_1', { editing: { seq: 2, body: 'half', from: 'message' } });
    const act = { act: 'edit', body: 'what I wrote' } as const;
    live.apply({ change: 'act_refused', conversation: 'c_1', seq: 1, act, failure: { reason: 'signed_out' } });
    expect(writingIn(live.client, 'c_1').editing?.body).toBe('half');
  });

  it('of the workspace replaces its settings', () => {
    const live = filled();
    const settings: WorkspaceSettings = {
      name: 'New', sign_in_domains: [], any_domain: false, channel_creation: 'everyone', version: 2,
    };
    live.client.setQueryData(keys.workspace, { ...settings, name: 'Old', version: 1 });
    live.apply({ change: 'workspace', settings });
    expect(live.client.getQueryData<WorkspaceSettings>(keys.workspace)?.name).toBe('New');
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
    answer({ ...before, page: { ...before.page, items: before.page.items.slice(0, 1), last: 1 } });

    expect((await loading).items.map((item) => item.item === 'message' && item.body)).toEqual(['first', 'second']);
  });
});

describe('a conversation that is opened again', () => {
  const many = Array.from({ length: 200 }, (_, index) => `line ${index + 1}`);

  it('keeps a reader who is far up where they are', async () => {
    const host = signedInHost(many);
    const live = new LiveCache(host);
    live.client.setQueryData(keys.timeline('c_general'), await live.loadTimeline('c_general'));
    live.readAt('c_general', { seq: 20, below: 0 });

    const again = await live.loadTimeline('c_general');

    expect(shownStretch(again).items.map(({ seq }) => seq)).toContain(20);
    expect(again.items.at(-1)?.seq).toBe(200);
  });

  it('shows the end when what was read cannot be had', async () => {
    const host = signedInHost(many);
    const live = new LiveCache(host);
    live.client.setQueryData(keys.timeline('c_general'), await live.loadTimeline('c_general'));
    live.readAt('c_general', { seq: 20, below: 0 });
    host.failNext('around', { reason: 'signed_out' });
    expect((await live.loadTimeline('c_general')).away).toBeNull();
  });

  it('shows a message far up, and again one at the end', async () => {
    const host = signedInHost(many);
    const live = new LiveCache(host);
    await live.jumpTo('c_general', 20);
    const timelineNow = () => live.client.getQueryData<Timeline>(keys.timeline('c_general'));
    expect(timelineNow()).toMatchObject({ target: { seq: 20, asked: 1 } });
    expect(timelineNow()?.away?.items.map(({ seq }) => seq)).toContain(20);
    await live.jumpTo('c_general', 199);
    expect(timelineNow()).toMatchObject({ away: null, target: { seq: 199, asked: 2 } });
    expect(host.calls.filter((call) => call.startsWith('around'))).toEqual(['around c_general 20']);
  });
});

describe('an act', () => {
  const opened = async () => {
    const host = signedInHost(['first']);
    const live = new LiveCache(host);
    await live.listening();
    live.client.setQueryData(keys.session, host.world.signedIn());
    live.client.setQueryData(keys.timeline('c_general'), await live.loadTimeline('c_general'));
    const first = () => live.client.getQueryData<Timeline>(keys.timeline('c_general'))?.items[0];
    return { host, live, first };
  };

  it('shows at once, before the host has answered', async () => {
    const { live, first } = await opened();
    void live.acts.act('c_general', 1, { act: 'react', emoji: '👍', on: true });
    expect(first()).toMatchObject({ reactions: [{ emoji: '👍', people: [ADA.id], mine: true }], pending: true });
  });

  it('is taken back and told when this device cannot keep it', async () => {
    const { host, live, first } = await opened();
    host.failNext('actOnMessage', { reason: 'storage', detail: 'disk full' });
    await live.acts.act('c_general', 1, { act: 'pin', on: true });
    expect(first()).toMatchObject({ pinned: false, pending: false });
    expect(live.client.getQueryData(keys.refusals)).toMatchObject([{ failure: { reason: 'storage' } }]);
  });
});
