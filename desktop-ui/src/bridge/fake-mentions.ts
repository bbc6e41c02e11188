// The part of the scripted host about mentions, and about what the person wants to be told.

import type { ConversationId } from './generated/ConversationId';
import type { MentionsPage } from './generated/MentionsPage';
import type { NotificationLevel } from './generated/NotificationLevel';
import type { PersonView } from './generated/PersonView';
import { FakeSearch } from './fake-search.ts';

const MOST_OFFERED = 8;
const PAGE_MENTIONS = 20;

export class FakeMentions extends FakeSearch {
  mentions = (before: string | null): Promise<MentionsPage> =>
    this.do(`mentions ${before ?? ''}`.trim(), () => {
      const all = this.world.conversations
        .flatMap((held) => held.items.filter((item) => item.item === 'message' && item.mentions_me))
        .map((item) => item as Extract<typeof item, { item: 'message' }>)
        .sort((a, b) => b.at - a.at);
      const start = Number(before ?? 0);
      const end = start + PAGE_MENTIONS;
      return { messages: all.slice(start, end), next: end < all.length ? String(end) : null };
    });

  mentionable = (conversation: ConversationId, query: string): Promise<PersonView[]> =>
    this.do(`mentionable ${conversation} ${query}`.trim(), () => {
      const { members } = this.find(conversation);
      const wanted = query.toLocaleLowerCase();
      const isCalled = (person: PersonView) =>
        person.name.toLocaleLowerCase().split(/\s+/u).some((word) => word.startsWith(wanted)) ||
        person.name.toLocaleLowerCase().startsWith(wanted);
      const fit = this.world.people.filter((person) => person.active && person.id !== this.world.me.id && isCalled(person));
      return [...fit.filter(({ id }) => members.has(id)), ...fit.filter(({ id }) => !members.has(id))].slice(0, MOST_OFFERED);
    });

  setLevel = (conversation: ConversationId, level: NotificationLevel | null): Promise<void> =>
    this.do(`setLevel ${conversation} ${level ?? 'usual'}`, () => {
      const held = this.find(conversation);
      held.row.level = level;
      this.tellRow(held);
    });
}
