// Keeps the query cache equal to what the client knows: the only place that applies changes.
//
// A query that is loading while a change arrives would overwrite it with what it read before. So changes that come
// during a load are kept and applied again to its result; applying one twice is harmless.

import { notifyManager, QueryClient } from '@tanstack/react-query';

import { Acts } from './acts.ts';
import type { UpdatesView } from './device/UpdatesView';
import type { ConversationId } from './generated/ConversationId';
import type { ConversationRow } from './generated/ConversationRow';
import type { PersonView } from './generated/PersonView';
import type { PresenceView } from './generated/PresenceView';
import type { Session } from './generated/Session';
import type { UserId } from './generated/UserId';
import type { WorkspaceSettings } from './generated/WorkspaceSettings';
import type { Host, HostChange } from './host.ts';
import { keys } from './keys.ts';
import { addRefusal } from './refusals.ts';
import { Sends } from './sends.ts';
import { Unsaved } from './unsaved.ts';
import {
  appended,
  begun,
  heldMessage,
  home,
  reopened,
  withAround,
  withMessages,
  withPending,
  withTarget,
  type Anchor,
  type Timeline,
} from './timeline.ts';
import { Watching } from './watching.ts';

/** What stays as it is whoever signs in. */
const OF_THE_APP: ReadonlySet<unknown> = new Set([keys.session[0], keys.connection[0], keys.updates[0]]);

export type People = ReadonlyMap<UserId, PersonView>;
export type PresenceOf = ReadonlyMap<UserId, PresenceView>;

export class LiveCache {
  readonly client: QueryClient;
  readonly sends: Sends;
  readonly acts: Acts;
  readonly watching: Watching;
  readonly unsaved = new Unsaved();
  /** What is at the top of the screen, for readers who are not at the end. */
  readonly #places = new Map<ConversationId, Anchor>();
  readonly #host: Host;
  readonly #loads = new Set<HostChange[]>();
  /** Changes of one moment are drawn together, so that a message never flickers between "on its way" and "stored". */
  #waiting: HostChange[] = [];
  #listening: Promise<() => void> | null = null;

  constructor(host: Host) {
    this.#host = host;
    // What a key changed is drawn in the frame of its press. Left alone, the cache tells of it in a later task.
    notifyManager.setScheduler(queueMicrotask);
    this.client = new QueryClient({
      defaultOptions: {
        // Nothing is fetched again by itself: changes keep it fresh. The host answers from disk, with or without network.
        queries: { staleTime: Infinity, retry: false, networkMode: 'always', structuralSharing: false },
        mutations: { networkMode: 'always', retry: false },
      },
    });
    this.sends = new Sends(host, this.client);
    this.acts = new Acts(host, this.client);
    this.watching = new Watching(host);
  }

  /** Starts listening, once; every load waits for it, so no change falls between. */
  listening(): Promise<() => void> {
    this.#listening ??= this.#host.listen((change) => this.#receive(change));
    return this.#listening;
  }

  loadSession(): Promise<Session> {
    return this.#load(() => this.#host.session(), (session, change) =>
      change.change === 'session' ? change.session : session,
    );
  }

  loadConnection() {
    return this.#load(() => this.#host.connection(), (connection, change) =>
      change.change === 'connection' ? change.connection : connection,
    );
  }

  loadConversations(): Promise<ConversationRow[]> {
    return this.#load(async () => byActivity(await this.#host.conversations()), changedRows);
  }

  loadPeople(): Promise<People> {
    return this.#load(
      async () => changedPeople(new Map<UserId, PersonView>(), { change: 'people', people: await this.#host.people() }),
      changedPeople,
    );
  }

  loadPresence(): Promise<PresenceOf> {
    return this.#load(
      async () => changedPresence(new Map(), { change: 'presence', people: await this.#host.presence() }),
      changedPresence,
    );
  }

  loadWorkspace(): Promise<WorkspaceSettings> {
    return this.#load(() => this.#host.workspaceSettings(), (settings, change) =>
      change.change === 'workspace' ? change.settings : settings,
    );
  }

  loadUpdates(): Promise<UpdatesView> {
    return this.#load(() => this.#host.updates(), (updates, change) =>
      change.change === 'updates' ? change.updates : updates,
    );
  }

  loadTimeline(conversation: ConversationId): Promise<Timeline> {
    return this.#load(
      () => this.#openTimeline(conversation),
      (timeline, change) => this.#changedTimeline(conversation, timeline, change),
    );
  }

  /** Where the reader is, so that opening the conversation again does not take them away; null at the end. */
  readAt(conversation: ConversationId, place: Anchor | null): void {
    if (place === null) {
      this.#places.delete(conversation);
    } else {
      this.#places.set(conversation, place);
    }
  }

  /** Where the reader is in an open conversation; null at its end. */
  placeIn(conversation: ConversationId): Anchor | null {
    return this.#places.get(conversation) ?? null;
  }

  /** Shows a message of an open conversation, wherever it is in it. Rejects when it cannot be had. */
  jumpTo(conversation: ConversationId, seq: number): Promise<void> {
    return this.#leadTo(conversation, seq, null);
  }

  /** Back to where the reader was; null is the end. What cannot be had any more leaves the conversation as it opens. */
  async returnTo(conversation: ConversationId, place: Anchor | null): Promise<void> {
    const last = this.client.getQueryData<Timeline>(keys.timeline(conversation))?.items.findLast((item) => item.item === 'message');
    const to = place ?? (last === undefined ? null : { seq: last.seq, below: 0 });
    if (to !== null) {
      await this.#leadTo(conversation, to.seq, to.below).catch(() => undefined);
    }
  }

  async #leadTo(conversation: ConversationId, seq: number, below: number | null): Promise<void> {
    const key = keys.timeline(conversation);
    if (this.client.getQueryData<Timeline>(key) === undefined) {
      await this.client.query({ queryKey: key, queryFn: () => this.loadTimeline(conversation) });
    }
    const held = this.client.getQueryData<Timeline>(key);
    if (held === undefined) {
      return;
    }
    if (heldMessage(held, seq) === null) {
      const page = await this.#host.around(conversation, seq);
      this.#update<Timeline>(key, (timeline) => withTarget(withAround(timeline, page), seq, below));
    } else {
      const isShown = held.away?.items.some((item) => item.seq === seq) ?? true;
      this.#update<Timeline>(key, (timeline) => withTarget(isShown ? timeline : home(timeline), seq, below));
    }
  }

  /** Resolves when everything that was typed and sent is with the host, or cannot be. */
  async settled(): Promise<void> {
    await this.unsaved.saveAll();
    await this.sends.settled();
  }

  /** A conversation that was just started is there before its change arrives. */
  knows(row: ConversationRow): void {
    this.apply({ change: 'conversations', rows: [row] });
  }

  /** Applies one change to everything in the cache. */
  apply(change: HostChange): void {
    switch (change.change) {
      case 'session':
        this.#applySession(change.session);
        return;
      case 'connection':
        this.client.setQueryData(keys.connection, change.connection);
        return;
      case 'conversations':
        this.#forgetChangedMembers(change.rows);
        this.#update<ConversationRow[]>(keys.conversations, (rows) => changedRows(rows, change));
        return;
      case 'conversation_removed':
        this.#update<ConversationRow[]>(keys.conversations, (rows) => changedRows(rows, change));
        this.client.removeQueries({ queryKey: keys.timeline(change.conversation) });
        this.#places.delete(change.conversation);
        return;
      case 'people':
        this.#update<People>(keys.people, (people) => changedPeople(people, change));
        return;
      case 'reloaded':
        void this.client.invalidateQueries({ queryKey: keys.timeline(change.conversation) });
        return;
      case 'appended':
      case 'pending':
      case 'messages':
      case 'receipts':
        this.#update<Timeline>(keys.timeline(change.conversation), (timeline) =>
          this.#changedTimeline(change.conversation, timeline, change),
        );
        return;
      case 'act_refused':
        addRefusal(this.client, change);
        return;
      case 'typing':
        this.client.setQueryData(keys.typing(change.conversation), change.people);
        return;
      case 'presence':
        this.#update<PresenceOf>(keys.presence, (presence) => changedPresence(presence, change));
        return;
      case 'updates':
        this.#update<UpdatesView>(keys.updates, () => change.updates);
        return;
      case 'connection_test':
        this.client.setQueryData(keys.connectionTest, change.test);
        return;
      case 'workspace':
        this.#update<WorkspaceSettings>(keys.workspace, () => change.settings);
        return;
    }
  }

  #receive(change: HostChange): void {
    if (this.#waiting.length === 0) {
      setTimeout(() => this.#flush(), 0);
    }
    this.#waiting.push(change);
  }

  #flush(): void {
    const changes = this.#waiting;
    this.#waiting = [];
    for (const change of changes) {
      for (const load of this.#loads) {
        load.push(change);
      }
      this.apply(change);
    }
  }

  async #load<T>(fetch: () => Promise<T>, reduce: (data: T, change: HostChange) => T): Promise<T> {
    await this.listening();
    const meanwhile: HostChange[] = [];
    this.#loads.add(meanwhile);
    try {
      const data = await fetch();
      return meanwhile.reduce(reduce, data);
    } finally {
      this.#loads.delete(meanwhile);
    }
  }

  #applySession(session: Session): void {
    const before = this.client.getQueryData<Session>(keys.session);
    const stays = before?.phase === 'signed_in' && session.phase === 'signed_in' && before.me.id === session.me.id;
    this.client.setQueryData(keys.session, session);
    if (!stays) {
      // Another person, or nobody: nothing of the one before may stay in the window.
      this.client.removeQueries({ predicate: ({ queryKey: [what] }) => !OF_THE_APP.has(what) });
    }
  }

  async #openTimeline(conversation: ConversationId): Promise<Timeline> {
    const open = await this.#host.openConversation(conversation);
    const place = this.#places.get(conversation);
    const isUp = place !== undefined && !open.page.items.some((item) => item.seq === place.seq);
    // What cannot be had just now is shown from the end.
    const page = isUp ? await this.#host.around(conversation, place.seq).catch(() => null) : null;
    const before = this.client.getQueryData<Timeline>(keys.timeline(conversation));
    return before === undefined ? begun(open, page, place ?? null) : reopened(before, open, page);
  }

  #changedTimeline(conversation: ConversationId, timeline: Timeline, change: HostChange): Timeline {
    if (!('conversation' in change) || change.conversation !== conversation) {
      return timeline;
    }
    switch (change.change) {
      case 'appended': {
        const session = this.client.getQueryData<Session>(keys.session);
        return appended(timeline, change.items, change.last, session?.phase === 'signed_in' ? session.me.id : null);
      }
      case 'pending':
        return withPending(timeline, change.pending);
      case 'messages':
        return withMessages(timeline, change.messages);
      case 'receipts':
        return { ...timeline, receipts: change.receipts };
      default:
        return timeline;
    }
  }

  /** A list of members is asked for again only when their number changed, not with every message. */
  #forgetChangedMembers(rows: readonly ConversationRow[]): void {
    const before = this.client.getQueryData<ConversationRow[]>(keys.conversations) ?? [];
    for (const row of rows) {
      if (before.find((held) => held.id === row.id)?.member_count !== row.member_count) {
        void this.client.invalidateQueries({ queryKey: keys.members(row.id) });
      }
    }
  }

  #update<T>(key: readonly unknown[], change: (data: T) => T): void {
    this.client.setQueryData<T>(key, (data) => (data === undefined ? undefined : change(data)));
  }
}

function changedRows(rows: ConversationRow[], change: HostChange): ConversationRow[] {
  if (change.change === 'conversation_removed') {
    return rows.filter((row) => row.id !== change.conversation);
  }
  if (change.change !== 'conversations') {
    return rows;
  }
  const changed = new Map(change.rows.map((row) => [row.id, row]));
  return byActivity([...rows.filter((row) => !changed.has(row.id)), ...changed.values()]);
}

function byActivity(rows: ConversationRow[]): ConversationRow[] {
  return [...rows].sort((a, b) => b.last_at - a.last_at || a.id.localeCompare(b.id));
}

function changedPeople(people: People, change: HostChange): People {
  if (change.change !== 'people') {
    return people;
  }
  const next = new Map(people);
  for (const person of change.people) {
    next.set(person.id, person);
  }
  return next;
}

function changedPresence(presence: PresenceOf, change: HostChange): PresenceOf {
  if (change.change !== 'presence') {
    return presence;
  }
  const next = new Map(presence);
  for (const view of change.people) {
    next.set(view.person, view);
  }
  return next;
}
