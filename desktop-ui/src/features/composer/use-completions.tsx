// What is offered while one writes: people behind an `@`, emoji behind a colon.

import type { KeyboardEvent, ReactNode, RefObject } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { Mention } from '#text/mentions.ts';

import { EmojiCompletions, MentionCompletions, optionId } from './completions.tsx';
import type { Insert } from './use-caret.ts';
import { useCompletion } from './use-completion.ts';
import { useMentionCompletion } from './use-mention-completion.ts';

export interface Completions {
  /** Null while nothing is offered. */
  list: ReactNode;
  listId: string | undefined;
  activeId: string | undefined;
  /** Whether the key was meant for them. */
  press: (event: KeyboardEvent) => boolean;
  typed: (area: HTMLTextAreaElement) => void;
  moved: (area: HTMLTextAreaElement) => void;
  close: () => void;
}

interface Written {
  area: RefObject<HTMLTextAreaElement | null>;
  row: ConversationRow;
  draft: string;
  insert: Insert;
  mention: (chosen: Mention) => string;
}

export function useCompletions({ area, row, draft, insert, mention }: Written): Completions {
  const emoji = useCompletion(area, draft, insert);
  const people = useMentionCompletion(area, row, insert, mention);
  const both = [people, emoji];
  const open = both.find(({ found }) => found.length > 0);
  return {
    list:
      open === people ? (
        <MentionCompletions completion={people} />
      ) : open === emoji ? (
        <EmojiCompletions completion={emoji} />
      ) : null,
    listId: open?.id,
    activeId: open && optionId(open.id, open.active),
    press: (event) => open?.press(event) ?? false,
    typed: (element) => both.forEach((one) => one.typed(element)),
    moved: (element) => both.forEach((one) => one.moved(element)),
    close: () => both.forEach((one) => one.close()),
  };
}
