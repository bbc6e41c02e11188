// The part of the scripted host about messages: pages of them, sending, and what one does to them. Like the client, it
// shows what this person did at once and hears from the server a moment later.

import type { Activity } from './generated/Activity';
import type { ConversationId } from './generated/ConversationId';
import type { Failure } from './generated/Failure';
import type { MessageAct } from './generated/MessageAct';
import type { MessageView } from './generated/MessageView';
import type { OpenConversation } from './generated/OpenConversation';
import type { PendingMessage } from './generated/PendingMessage';
import type { TimelineItem } from './generated/TimelineItem';
import type { TimelinePage } from './generated/TimelinePage';
import type { UserId } from './generated/UserId';
import type { Version } from './generated/Version';
import { FakeChannels } from './fake-channels.ts';
import { refused } from './fake-core.ts';
import { mentionsMe, unreadMentions, type FakeConversation } from './fake-world.ts';
import { acted, quoteOf } from './timeline.ts';

const PAGE_ITEMS = 50;

export class FakeMessages extends FakeChannels {
  openConversation = (conversation: ConversationId): Promise<OpenConversation> =>
    this.do(`openConversation ${conversation}`, () => {
      const held = this.find(conversation);
      return {
        row: { ...held.row },
        page: page(held, held.items.length - PAGE_ITEMS, held.items.length),
        pending: [...held.pending],
        draft: held.draft,
        receipts: [...held.receipts],
      };
    });

  earlier = (conversation: ConversationId, before: number): Promise<TimelinePage> =>
    this.do(`earlier ${conversation} ${before}`, () => {
      const held = this.find(conversation);
      const end = held.items.filter((item) => item.seq < before).length;
      return page(held, end - PAGE_ITEMS, end);
    });

  later = (conversation: ConversationId, after: number): Promise<TimelinePage> =>
    this.do(`later ${conversation} ${after}`, () => {
      const held = this.find(conversation);
      const start = held.items.filter((item) => item.seq <= after).length;
      return page(held, start, start + PAGE_ITEMS);
    });

  around = (conversation: ConversationId, seq: number): Promise<TimelinePage> =>
    this.do(`around ${conversation} ${seq}`, () => {
      const held = this.find(conversation);
      const at = held.items.findIndex((item) => item.seq === seq);
      if (at < 0) {
        throw refused('not_found');
      }
      return page(held, at - PAGE_ITEMS / 2, at + PAGE_ITEMS / 2);
    });

  sendMessage = (conversation: ConversationId, body: string, replyTo: number | null): Promise<PendingMessage> =>
    this.do(`sendMessage ${conversation} ${body}${replyTo === null ? '' : ` to ${replyTo}`}`, () => {
      const held = this.find(conversation);
      const answered = held.items.find((item) => item.seq === replyTo);
      const message: PendingMessage = {
        client_id: this.name('m'),
        conversation,
        body,
        reply: answered?.item === 'message' ? quoteOf(answered) : null,
        written_at: Date.now(),
        failure: null,
      };
      held.pending.push(message);
      this.tellPending(held);
      if (this.connectionNow.state === 'online') {
        setTimeout(() => this.deliver(message.client_id), this.world.deliveryMs);
      } else {
        this.countUnsent();
      }
      return message;
    });

  actOnMessage = (conversation: ConversationId, seq: number, act: MessageAct): Promise<void> =>
    this.do(`actOnMessage ${conversation} ${seq} ${JSON.stringify(act)}`, () => {
      const held = this.find(conversation);
      const before = message(held, seq);
      this.#remember(held, before, act);
      this.changeMessage(conversation, acted(before, act, this.world.me.id, Date.now()));
      setTimeout(() => this.#confirm(held, seq), this.world.deliveryMs);
    });

  messageVersions = (conversation: ConversationId, seq: number): Promise<Version[]> =>
    this.do(`messageVersions ${conversation} ${seq}`, () => [...(this.find(conversation).versions.get(seq) ?? [])]);

  pinnedMessages = (conversation: ConversationId): Promise<MessageView[]> =>
    this.do(`pinnedMessages ${conversation}`, () =>
      this.find(conversation)
        .items.filter((item) => item.item === 'message' && item.pinned)
        .map((item) => item as MessageView)
        .reverse(),
    );

  messageLink = (conversation: ConversationId, seq: number): Promise<string> =>
    this.do(
      `messageLink ${conversation} ${seq}`,
      () => `loquat://open?server=${encodeURIComponent(this.world.server)}&conversation=${conversation}&seq=${seq}`,
    );

  retryMessage = (clientId: string): Promise<void> =>
    this.do(`retryMessage ${clientId}`, () => {
      const { held, message: waiting } = this.waiting(clientId);
      held.pending = held.pending.map((other) => (other === waiting ? { ...waiting, failure: null } : other));
      this.tellPending(held);
      setTimeout(() => this.deliver(clientId), this.world.deliveryMs);
    });

  discardMessage = (clientId: string): Promise<void> =>
    this.do(`discardMessage ${clientId}`, () => {
      const { held } = this.waiting(clientId);
      held.pending = held.pending.filter((other) => other.client_id !== clientId);
      this.tellPending(held);
    });

  saveDraft = (conversation: ConversationId, text: string): Promise<void> =>
    this.do(`saveDraft ${conversation} ${text}`, () => {
      const held = this.find(conversation);
      held.draft = text;
      if (held.row.has_draft !== (text !== '')) {
        held.row.has_draft = text !== '';
        this.tellRow(held);
      }
    });

  markRead = (conversation: ConversationId, ordinal: number): Promise<void> =>
    this.do(`markRead ${conversation} ${ordinal}`, () => {
      const held = this.find(conversation);
      this.#readUpTo(held, Math.max(held.row.read_ordinal, ordinal));
    });

  markUnread = (conversation: ConversationId, ordinal: number): Promise<void> =>
    this.do(`markUnread ${conversation} ${ordinal}`, () => this.#readUpTo(this.find(conversation), ordinal - 1));

  typing = (conversation: ConversationId): Promise<void> => this.do(`typing ${conversation}`, () => undefined);
  watch = (conversations: ConversationId[], people: UserId[]): Promise<void> =>
    this.do(`watch ${conversations.join(' ')} | ${people.join(' ')}`, () => undefined);
  setActivity = (activity: Activity): Promise<void> => this.do(`setActivity ${activity}`, () => undefined);

  /** The server stored an unsent message. */
  deliver(clientId: string): void {
    const held = this.world.conversations.find((other) => other.pending.some((waiting) => waiting.client_id === clientId));
    const stored = held?.pending.find((other) => other.client_id === clientId);
    if (held === undefined || stored === undefined) {
      return;
    }
    held.pending = held.pending.filter((other) => other !== stored);
    this.appendMessage(held, this.world.me.id, stored);
    this.tellPending(held);
  }

  /** A message is different now. */
  changeMessage(conversation: ConversationId, now: MessageView): void {
    const held = this.find(conversation);
    held.items = held.items.map((item) => (item.seq === now.seq ? { item: 'message', ...now } : item));
    this.tell({ change: 'messages', conversation, messages: [now] });
  }

  protected appendMessage(
    held: FakeConversation,
    author: UserId,
    said: { body: string; client_id: string; reply?: MessageView['reply'] },
  ): MessageView {
    const { row } = held;
    row.head += 1;
    row.ordinal += 1;
    row.last_at = Math.max(row.last_at, Date.now());
    if (author === this.world.me.id) {
      row.read_ordinal = row.ordinal;
    }
    row.unread = row.ordinal - row.read_ordinal;
    const stored: MessageView = {
      conversation: row.id,
      seq: row.head,
      ordinal: row.ordinal,
      at: Date.now(),
      author,
      client_id: said.client_id,
      body: said.body,
      edited_at: null,
      deleted_by: null,
      reactions: [],
      pinned: false,
      reply: said.reply ?? null,
      mentions_me: mentionsMe(said.body, author, this.world.me.id),
      pending: false,
    };
    const item: TimelineItem = { item: 'message', ...stored };
    held.items.push(item);
    row.mentions = unreadMentions(held);
    this.tell({ change: 'appended', conversation: row.id, items: [item], last: row.head });
    this.tellRow(held);
    return stored;
  }

  protected waiting(clientId: string): { held: FakeConversation; message: PendingMessage } {
    for (const held of this.world.conversations) {
      const found = held.pending.find((other) => other.client_id === clientId);
      if (found !== undefined) {
        return { held, message: found };
      }
    }
    throw refused('not_found');
  }

  protected tellPending(held: FakeConversation): void {
    this.tell({ change: 'pending', conversation: held.row.id, pending: [...held.pending] });
  }

  protected countUnsent(): void {
    if (this.connectionNow.state === 'offline') {
      const unsent = this.world.conversations.reduce((sum, held) => sum + held.pending.length, 0);
      this.connectionNow = { ...this.connectionNow, unsent };
      this.tell({ change: 'connection', connection: this.connectionNow });
    }
  }

  /** The server refused for good what this person did to a message; it looks as before again. */
  refuseAct(conversation: ConversationId, before: MessageView, act: MessageAct, failure: Failure): void {
    this.changeMessage(conversation, before);
    this.tell({ change: 'act_refused', conversation, seq: before.seq, act, failure });
  }

  #readUpTo(held: FakeConversation, ordinal: number): void {
    held.row.read_ordinal = ordinal;
    held.row.unread = held.row.ordinal - ordinal;
    held.row.mentions = unreadMentions(held);
    this.tellRow(held);
  }

  #remember(held: FakeConversation, before: MessageView, act: MessageAct): void {
    if (act.act === 'edit') {
      const said = held.versions.get(before.seq) ?? [{ seq: before.seq, at: before.at, body: before.body }];
      held.versions.set(before.seq, [...said, { seq: held.row.head + 1, at: Date.now(), body: act.body }]);
    }
  }

  /** The entry that did something to a message was stored; it is no item of its own. */
  #confirm(held: FakeConversation, seq: number): void {
    held.row.head += 1;
    this.changeMessage(held.row.id, { ...message(held, seq), pending: false });
    this.tell({ change: 'appended', conversation: held.row.id, items: [], last: held.row.head });
    this.tellRow(held);
  }
}

function message(held: FakeConversation, seq: number): MessageView {
  const found = held.items.find((item) => item.seq === seq);
  if (found?.item !== 'message') {
    throw refused('not_found');
  }
  return found;
}

/** Entries that are no items belong to the page of the item before them. */
function page(held: FakeConversation, from: number, to: number): TimelinePage {
  const start = Math.max(0, from);
  const items = held.items.slice(start, to);
  const reachesEnd = to >= held.items.length;
  return {
    conversation: held.row.id,
    items,
    first: items[0]?.seq ?? 0,
    last: reachesEnd ? held.row.head : (held.items[to]?.seq ?? 1) - 1,
    has_earlier: start > 0,
    reaches_end: reachesEnd,
  };
}
