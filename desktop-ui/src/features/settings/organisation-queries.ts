// What the organisation decided for this device, and whether the app starts with the computer.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost } from '#bridge/context.tsx';
import type { AutostartView } from '#bridge/device/AutostartView.ts';
import { text } from '#text/text.ts';

const ORGANISATION = ['organisation'] as const;
const AUTOSTART = ['autostart'] as const;

/** An administrator changes decisions while somebody looks, and the system's settings start and stop apps; nothing tells
 *  of either, so whoever looks asks again. */
const LOOK_MS = 3000;

export function useOrganisation() {
  const host = useHost();
  return useQuery({
    queryKey: ORGANISATION,
    queryFn: () => host.organisation(),
    staleTime: 0,
    refetchInterval: LOOK_MS,
  });
}

/** The sentence beside a control whose setting is decided; undefined where the person chooses. */
export function useDecided(): (key: string) => string | undefined {
  const { data } = useOrganisation();
  const fixed = new Set(data?.rows.filter((row) => row.fixed).map((row) => row.key));
  return (key) => (fixed.has(key) ? text.organisation.set : undefined);
}

export function useAutostart() {
  const host = useHost();
  return useQuery({ queryKey: AUTOSTART, queryFn: () => host.autostart(), staleTime: 0, refetchInterval: LOOK_MS });
}

/** Looks so at once. */
export function useSetAutostart() {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => host.setAutostart(on),
    onMutate: async (on) => {
      await queries.cancelQueries({ queryKey: AUTOSTART });
      queries.setQueryData<AutostartView>(AUTOSTART, (held) => held && { ...held, on });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: AUTOSTART }),
  });
}
