// What is looked for, and what was found.

import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { useConversations, useHost } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { SearchOrder } from '#bridge/generated/SearchOrder.ts';
import { useSettled } from '#ui/use-settled.ts';

const PAGE_HITS = 30;
const MINUTES_MS = 60_000;

/** Kept while the window lives, so that whoever comes back from a message finds the search as it was. */
export interface Search {
  query: string;
  within: ConversationId | null;
  order: SearchOrder;
}

const NOTHING: Search = { query: '', within: null, order: 'newest' };
const KEY = ['search-words'] as const;

export function useSearch(): [Search, (change: Partial<Search>) => void] {
  const client = useQueryClient();
  const { data = NOTHING } = useQuery({ queryKey: KEY, queryFn: () => NOTHING, enabled: false, gcTime: Infinity });
  const change = useCallback((part: Partial<Search>) => changeSearch(client, part), [client]);
  return [data, change];
}

export function changeSearch(client: QueryClient, part: Partial<Search>): void {
  client.setQueryData<Search>(KEY, (held = NOTHING) => ({ ...held, ...part }));
}

/** Everything on this device; the server is not asked. */
export function useHits({ query, within, order }: Search) {
  const host = useHost();
  const asked = useSettled(query.trim());
  return useInfiniteQuery({
    queryKey: ['search', asked, within, order],
    queryFn: ({ pageParam }) =>
      host.search({
        text: asked,
        within,
        order,
        after: pageParam,
        limit: PAGE_HITS,
        utc_offset_minutes: -new Date(Date.now()).getTimezoneOffset(),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 5 * MINUTES_MS,
  });
}

/** Asked of the server again as soon as somebody mentions this person, or reads it elsewhere. */
export function useMentions() {
  const host = useHost();
  const unread = useConversations()?.reduce((sum, row) => sum + row.mentions, 0) ?? 0;
  return useInfiniteQuery({
    queryKey: ['mentions', unread],
    queryFn: ({ pageParam }) => host.mentions(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 5 * MINUTES_MS,
  });
}
