// How this device reaches its server, and the test of that way.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useHost } from '#bridge/context.tsx';
import type { NetworkChoice } from '#bridge/device/NetworkChoice.ts';
import type { NetworkView } from '#bridge/device/NetworkView.ts';
import type { ProxyLoginChoice } from '#bridge/device/ProxyLoginChoice.ts';
import type { ConnectionTest } from '#bridge/generated/ConnectionTest.ts';
import { keys } from '#bridge/keys.ts';

const NETWORK = ['network'] as const;

export function useNetwork() {
  const host = useHost();
  return useQuery({ queryKey: NETWORK, queryFn: () => host.network(), staleTime: 0 });
}

export function useChooseNetwork() {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (choice: NetworkChoice) => host.setNetwork(choice),
    onSuccess: (view) => queries.setQueryData<NetworkView>(NETWORK, view),
  });
}

export function useProxyLogin() {
  const host = useHost();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (login: ProxyLoginChoice | null) => host.setProxyLogin(login),
    onSuccess: (view) => queries.setQueryData<NetworkView>(NETWORK, view),
  });
}

/** The steps come as changes; the last test stays for whoever comes back to the page. */
export function useConnectionTest() {
  const host = useHost();
  const queries = useQueryClient();
  const { data } = useQuery<ConnectionTest | null>({
    queryKey: keys.connectionTest,
    queryFn: () => queries.getQueryData<ConnectionTest>(keys.connectionTest) ?? null,
  });
  const run = useMutation({ mutationFn: () => host.testConnection(null) });
  return { test: data ?? null, run };
}
