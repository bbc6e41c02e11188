// New versions of the app, for the settings and for the hint beside the list of conversations.

import { useMutation, useQuery } from '@tanstack/react-query';

import { useHost, useLiveCache } from './context.tsx';
import type { UpdatesView } from './device/UpdatesView';
import { keys } from './keys.ts';

/** Whoever restarts does not wait longer for a disk that does not answer. */
const MOST_MS = 2000;

/** How it is now; undefined until it is known. */
export function useUpdates(): UpdatesView | undefined {
  const live = useLiveCache();
  return useQuery({ queryKey: keys.updates, queryFn: () => live.loadUpdates() }).data;
}

/** Installs the version that waits. What was typed and sent is with the client first. */
export function useInstallUpdate() {
  const host = useHost();
  const live = useLiveCache();
  return useMutation({
    mutationFn: async () => {
      const late = new Promise((resolve) => setTimeout(resolve, MOST_MS));
      await Promise.race([live.settled(), late]);
      await host.installUpdate();
    },
  });
}
