// The part of the scripted host about which conversations there are, and who is in them.

import type { ChannelRow } from './generated/ChannelRow';
import type { ConversationId } from './generated/ConversationId';
import type { UserId } from './generated/UserId';
import type { Visibility } from './generated/Visibility';
import { refused } from './fake-core.ts';
import { FakeWorkspace } from './fake-workspace.ts';
import type { FakeConversation } from './fake-world.ts';

export type FakeEvent =
  | { kind: 'joined' | 'left'; person: UserId }
  | { kind: 'renamed'; name: string }
  | { kind: 'topic'; topic: string }
  | { kind: 'archived'; on: boolean };

export class FakeChannels extends FakeWorkspace {
  conversations = () => this.do('conversations', () => this.world.conversations.map((held) => ({ ...held.row })));

  findChannels = (query: string) =>
    this.do(`findChannels ${query}`, () => {
      const mine: ChannelRow[] = this.world.conversations
        .filter(({ row }) => row.kind === 'channel')
        .map(({ row }) => ({ ...row, name: row.name ?? '' }));
      return [...mine, ...this.world.otherChannels]
        .filter((channel) => channel.name.includes(query.toLocaleLowerCase()))
        .sort((a, b) => a.name.localeCompare(b.name));
    });

  startConversation = (people: UserId[]) =>
    this.do(`startConversation ${people.join(' ')}`, () => {
      const members = [...new Set([this.world.me.id, ...people])];
      const kind = members.length > 2 ? 'group' : 'direct';
      const id = `d_${[...members].sort().join('_')}`;
      const known = this.world.conversations.find((held) => held.row.id === id);
      return { ...(known ?? this.#add(this.world.conversation({ id, kind, members }))).row };
    });

  createChannel = (name: string, visibility: Visibility) =>
    this.do(`createChannel ${name} ${visibility}`, () => {
      if (this.world.conversations.some((held) => held.row.name === name)) {
        throw refused('name_taken');
      }
      const held = this.#add(this.world.conversation({ id: this.name('c'), kind: 'channel', name, visibility }));
      this.appendEvent(held, { kind: 'joined', person: this.world.me.id });
      return { ...held.row };
    });

  joinChannel = (conversation: ConversationId) =>
    this.do(`joinChannel ${conversation}`, () => {
      const channel = this.world.otherChannels.find((other) => other.id === conversation);
      if (channel === undefined) {
        throw refused('not_found');
      }
      this.world.otherChannels = this.world.otherChannels.filter((other) => other !== channel);
      const held = this.#add(this.world.conversation({ ...channel, kind: 'channel' }));
      this.appendEvent(held, { kind: 'joined', person: this.world.me.id });
    });

  leaveChannel = (conversation: ConversationId) =>
    this.do(`leaveChannel ${conversation}`, () => {
      this.world.conversations = this.world.conversations.filter((held) => held.row.id !== conversation);
      this.tell({ change: 'conversation_removed', conversation });
    });

  renameChannel = (conversation: ConversationId, name: string) =>
    this.do(`renameChannel ${conversation} ${name}`, () => {
      const held = this.find(conversation);
      held.row.name = name;
      this.appendEvent(held, { kind: 'renamed', name });
    });

  setTopic = (conversation: ConversationId, topic: string) =>
    this.do(`setTopic ${conversation} ${topic}`, () => {
      const held = this.find(conversation);
      held.row.topic = topic;
      this.appendEvent(held, { kind: 'topic', topic });
    });

  setArchived = (conversation: ConversationId, on: boolean) =>
    this.do(`setArchived ${conversation} ${on}`, () => {
      const held = this.find(conversation);
      held.row.archived = on;
      this.appendEvent(held, { kind: 'archived', on });
    });

  addMember = (conversation: ConversationId, person: UserId) =>
    this.do(`addMember ${conversation} ${person}`, () => {
      const held = this.find(conversation);
      held.members.add(person);
      this.appendEvent(held, { kind: 'joined', person });
    });

  removeMember = (conversation: ConversationId, person: UserId) =>
    this.do(`removeMember ${conversation} ${person}`, () => {
      const held = this.find(conversation);
      held.members.delete(person);
      this.appendEvent(held, { kind: 'left', person });
    });

  channelMembers = (conversation: ConversationId) =>
    this.do(`channelMembers ${conversation}`, () => {
      const { members } = this.find(conversation);
      return this.world.people.filter((person) => members.has(person.id));
    });

  /** Something happened in a conversation; by this person where nobody else is named. */
  protected appendEvent(held: FakeConversation, event: FakeEvent, author: UserId = this.world.me.id): void {
    const { row } = held;
    row.head += 1;
    row.last_at = Math.max(row.last_at, Date.now());
    row.member_count = row.kind === 'channel' ? held.members.size : row.members.length;
    const place = {
      conversation: row.id,
      seq: row.head,
      ordinal: row.ordinal,
      at: Date.now(),
      author,
      client_id: this.name('o'),
    };
    const item = { item: 'event' as const, ...place, ...event };
    held.items.push(item);
    this.tell({ change: 'appended', conversation: row.id, items: [item], last: row.head });
    this.tellRow(held);
  }

  #add(held: FakeConversation): FakeConversation {
    this.world.conversations.push(held);
    this.tellRow(held);
    return held;
  }
}
