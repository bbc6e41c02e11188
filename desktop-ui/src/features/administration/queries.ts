// What the pages for administrators read and do. The server refuses everybody else.

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost, useLiveCache } from '#bridge/context.tsx';
import type { AuditQuery } from '#bridge/generated/AuditQuery.ts';
import type { Invitation } from '#bridge/generated/Invitation.ts';
import type { PersonChange } from '#bridge/generated/PersonChange.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { Role } from '#bridge/generated/Role.ts';
import type { SettingsChange } from '#bridge/generated/SettingsChange.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { keys } from '#bridge/keys.ts';

const EVERYONE = ['everyone'] as const;
const INVITATIONS = ['invitations'] as const;
const AUDIT = ['audit'] as const;
const PAGE_EVENTS = 50;

/** Everybody with an account, the deactivated ones too, by name. */
export function useEveryone(query: string) {
  const host = useHost();
  return useQuery({
    queryKey: [...EVERYONE, query],
    queryFn: () => host.everyone(query),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function useChangePerson(onChanged: (person: PersonView) => void) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ person, change }: { person: UserId; change: PersonChange }) => host.changePerson(person, change),
    onSuccess: onChanged,
    onSettled: () => queries.invalidateQueries({ queryKey: EVERYONE }),
  });
}

export function useInvitations() {
  const host = useHost();
  return useQuery({ queryKey: INVITATIONS, queryFn: () => host.invitations(), staleTime: 0 });
}

export function useInvite(onInvited: (invitation: Invitation) => void) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ email, role }: { email: string; role: Role }) => host.invite(email, role),
    onSuccess: onInvited,
    onSettled: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  });
}

export function useWithdraw(onWithdrawn: (invitation: Invitation) => void) {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (invitation: Invitation) => host.withdrawInvitation(invitation.id),
    onSuccess: (_, invitation) => onWithdrawn(invitation),
    onSettled: () => queries.invalidateQueries({ queryKey: INVITATIONS }),
  });
}

/** The settings as they load; the rest of the window only cares what they say. */
export function useSettings() {
  const live = useLiveCache();
  return useQuery({ queryKey: keys.workspace, queryFn: () => live.loadWorkspace(), gcTime: Infinity });
}

export function useChangeSettings() {
  const host = useHost();
  const live = useLiveCache();
  return useMutation({
    mutationFn: (change: SettingsChange) => host.changeSettings(change),
    // It shows before its change arrives.
    onSuccess: (settings) => live.apply({ change: 'workspace', settings }),
  });
}

export type AuditFilter = Pick<AuditQuery, 'actor' | 'action' | 'since'>;

export function useAuditLog(filter: AuditFilter) {
  const host = useHost();
  return useInfiniteQuery({
    queryKey: [...AUDIT, filter],
    queryFn: ({ pageParam }) =>
      host.auditLog({ ...filter, limit: PAGE_EVENTS, ...(pageParam === null ? {} : { before: pageParam }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next ?? null,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function useExportAuditLog() {
  const host = useHost();
  return useMutation({ mutationFn: (filter: AuditFilter) => host.exportAuditLog(filter) });
}
