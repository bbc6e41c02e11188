// What the switcher asks the host, and where it leads.

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { ChannelRow } from '#bridge/generated/ChannelRow.ts';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { useSettled } from '#ui/use-settled.ts';

import type { Choice } from './choices.ts';

interface Elsewhere {
  people: readonly PersonView[];
  channels: readonly ChannelRow[];
}

const NOTHING: Elsewhere = { people: [], channels: [] };

/** People and channels that this device does not hold. Without the server there are none. */
export function useElsewhere(query: string): Elsewhere {
  const host = useHost();
  const asked = useSettled(query.trim());
  return (
    useQuery({
      queryKey: ['switcher', asked],
      queryFn: async (): Promise<Elsewhere> => {
        const [people, channels] = await Promise.all([
          host.findPeople(asked).catch(() => NOTHING.people),
          host.findChannels(asked).catch(() => NOTHING.channels),
        ]);
        return { people, channels };
      },
      enabled: asked !== '',
      placeholderData: keepPreviousData,
      staleTime: 0,
      gcTime: 0,
    }).data ?? NOTHING
  );
}

/** Opens what was chosen; a conversation with a person begins by it, and a channel is joined. */
export function useGo(onOpen: (conversation: ConversationId) => void) {
  const host = useHost();
  const live = useLiveCache();
  return useMutation({
    mutationFn: async (choice: Choice): Promise<ConversationId> => {
      switch (choice.kind) {
        case 'conversation':
          return choice.row.id;
        case 'person': {
          const row = await host.startConversation([choice.person.id]);
          live.knows(row);
          return row.id;
        }
        case 'channel':
          await host.joinChannel(choice.channel.id);
          return choice.channel.id;
      }
    },
    onSuccess: onOpen,
  });
}
