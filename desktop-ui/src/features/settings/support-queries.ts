// The log, the note of the last fault, and the file for support.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost } from '#bridge/context.tsx';
import type { LogLevel } from '#bridge/device/LogLevel.ts';
import type { SupportView } from '#bridge/device/SupportView.ts';

const SUPPORT = ['support'] as const;

export function useSupport() {
  const host = useHost();
  return useQuery({ queryKey: SUPPORT, queryFn: () => host.support(), staleTime: 0 });
}

export function useSetLogLevel() {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (level: LogLevel) => host.setLogLevel(level),
    onSuccess: (view) => queries.setQueryData<SupportView>(SUPPORT, view),
  });
}

export function useForgetCrash() {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => host.forgetCrash(),
    onSuccess: () => queries.invalidateQueries({ queryKey: SUPPORT }),
  });
}

export function useSaveDiagnostics() {
  const host = useHost();
  return useMutation({ mutationFn: () => host.saveDiagnostics() });
}
