// What was chosen about notifications on this device, and what became of messages.

import { useIsMutating, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost } from '#bridge/context.tsx';
import type { Preferences } from '#bridge/device/Preferences.ts';

const PREFERENCES = ['preferences'] as const;
const JOURNAL = ['notification-journal'] as const;
const CHANGE = ['change-preferences'] as const;

/** The tray changes preferences as well, and messages arrive; nothing tells of either, so whoever looks asks again. */
const LOOK_MS = 3000;

export function usePreferences() {
  const host = useHost();
  const isChanging = useIsMutating({ mutationKey: CHANGE }) > 0;
  return useQuery({
    queryKey: PREFERENCES,
    queryFn: () => host.preferences(),
    staleTime: 0,
    // What was read before a change is kept would take the change from the screen again.
    refetchInterval: isChanging ? false : LOOK_MS,
  });
}

/** Looks so at once and is kept one after another. What somebody else changed meanwhile stays. */
export function useChangePreferences() {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationKey: CHANGE,
    scope: { id: CHANGE[0] },
    mutationFn: async (change: Partial<Preferences>) => host.setPreferences({ ...(await host.preferences()), ...change }),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: PREFERENCES });
      queries.setQueryData<Preferences>(PREFERENCES, (held) => held && { ...held, ...change });
    },
    onSettled: async () => {
      // The last one of several shows what is; before that it would take the others from the screen.
      if (queries.isMutating({ mutationKey: CHANGE }) === 1) {
        await queries.invalidateQueries({ queryKey: PREFERENCES });
      }
    },
  });
}

export function useTestNotification() {
  const host = useHost();
  return useMutation({ mutationFn: () => host.testNotification() });
}

export function useJournal() {
  const host = useHost();
  return useQuery({
    queryKey: JOURNAL,
    queryFn: () => host.notificationJournal(),
    staleTime: 0,
    refetchInterval: LOOK_MS,
  });
}
