// `@me` offers people whose names begin so, and in a conversation of several everybody at once.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type RefObject } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { Mention } from '#text/mentions.ts';
import { text } from '#text/text.ts';

import type { Insert } from './use-caret.ts';
import { useChoices, type Begun, type Choices } from './use-choices.ts';

/** A name may have two words while it is typed. */
const BEGUN = /(?:^|[\s(])(@([\p{L}\p{N}._'-]*(?: [\p{L}\p{N}._'-]+)?))$/u;
const EVERYBODY = ['channel', 'here'] as const;

export type Mentionable = { kind: 'person'; person: PersonView } | { kind: (typeof EVERYBODY)[number] };

export interface MentionCompletion extends Choices<Mentionable> {
  typed: (area: HTMLTextAreaElement) => void;
}

const NOBODY: readonly PersonView[] = [];

export function useMentionCompletion(
  area: RefObject<HTMLTextAreaElement | null>,
  row: ConversationRow,
  insert: Insert,
  mention: (chosen: Mention) => string,
): MentionCompletion {
  const [begun, setBegun] = useState<Begun | null>(null);
  const people = useMentionable(row, begun?.query ?? null);
  const query = (begun?.query ?? '').toLocaleLowerCase();
  const everybody = row.kind === 'direct' ? [] : EVERYBODY.filter((kind) => text.mentions[kind].startsWith(query));
  const many = everybody.map((kind): Mentionable => ({ kind }));
  const named = people.map((person): Mentionable => ({ kind: 'person', person }));
  // Nobody means everybody by a bare sign.
  const found = begun === null ? [] : query === '' ? [...named, ...many] : [...many, ...named];

  const choices = useChoices({
    area,
    begun,
    setBegun,
    found,
    put: (chosen, { from, to }) => {
      const label = mention(chosen.kind === 'person' ? { kind: 'person', person: chosen.person.id } : chosen);
      insert(`${label} `, from, to);
    },
  });

  function typed(element: HTMLTextAreaElement) {
    const to = element.selectionStart;
    const [, named, wanted] = BEGUN.exec(element.value.slice(0, to)) ?? [];
    setBegun(named === undefined || wanted === undefined ? null : { query: wanted, from: to - named.length, to });
  }

  return { ...choices, typed };
}

function useMentionable(row: ConversationRow, query: string | null): readonly PersonView[] {
  const host = useHost();
  const { data = NOBODY } = useQuery({
    queryKey: ['mentionable', row.id, query],
    queryFn: () => host.mentionable(row.id, query ?? ''),
    enabled: query !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  // While the answer to the last key is on its way, the one before is narrowed, so that Enter never takes a stranger.
  const words = (query ?? '').toLocaleLowerCase();
  return data.filter((person) => person.name.toLocaleLowerCase().includes(words));
}
