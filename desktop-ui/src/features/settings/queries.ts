// What the settings read and do.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost } from '#bridge/context.tsx';
import type { ProfileChange } from '#bridge/generated/ProfileChange.ts';
import type { SessionId } from '#bridge/generated/SessionId.ts';

const SESSIONS = ['sessions'] as const;

export function useSessions() {
  const host = useHost();
  return useQuery({ queryKey: SESSIONS, queryFn: () => host.sessions(), staleTime: 0 });
}

export function useEndSession(onEnded: () => void) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (session: SessionId) => host.endSession(session),
    onSuccess: onEnded,
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
}

export function useEndOtherSessions(onEnded: () => void) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => host.endOtherSessions(),
    onSuccess: onEnded,
    onSettled: () => queries.invalidateQueries({ queryKey: SESSIONS }),
  });
}

export function useUpdateProfile() {
  const host = useHost();
  return useMutation({ mutationFn: (change: ProfileChange) => host.updateProfile(change) });
}

export function useSetPicture(onSet: () => void) {
  const host = useHost();
  return useMutation({ mutationFn: (data: string) => host.setPicture(data), onSuccess: onSet });
}

export function useRemovePicture(onRemoved: () => void) {
  const host = useHost();
  return useMutation({ mutationFn: () => host.removePicture(), onSuccess: onRemoved });
}

export function useVersion(): string {
  const host = useHost();
  return useQuery({ queryKey: ['version'], queryFn: () => host.version() }).data ?? '';
}

/** A part of the product that others wrote. */
export interface Licence {
  name: string;
  version: string;
  licence: string;
}

/** Read only when somebody asks for it: the list is long. */
export function useLicences(wanted: boolean) {
  return useQuery({
    queryKey: ['licences'],
    queryFn: async (): Promise<Licence[]> => (await import('#text/licences.json')).default,
    enabled: wanted,
  });
}
