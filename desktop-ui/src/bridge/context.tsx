// Hands the host and its cache to everything that draws, and the truths that several features read.

import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { createContext, useContext, type ReactNode } from 'react';

import type { Connection } from './generated/Connection';
import type { ConversationRow } from './generated/ConversationRow';
import type { PersonView } from './generated/PersonView';
import type { Session } from './generated/Session';
import type { Host } from './host.ts';
import { keys } from './keys.ts';
import type { LiveCache, People } from './live-cache.ts';

interface Bridge {
  host: Host;
  live: LiveCache;
}

const BridgeContext = createContext<Bridge | null>(null);

export function BridgeProvider({ host, live, children }: Bridge & { children: ReactNode }) {
  return (
    <BridgeContext value={{ host, live }}>
      <QueryClientProvider client={live.client}>{children}</QueryClientProvider>
    </BridgeContext>
  );
}

function useBridge(): Bridge {
  const bridge = useContext(BridgeContext);
  if (bridge === null) {
    throw new Error('There is no BridgeProvider above this component');
  }
  return bridge;
}

export function useHost(): Host {
  return useBridge().host;
}

export function useLiveCache(): LiveCache {
  return useBridge().live;
}

/** The session as it loads; only the start of the app cares how. */
export function useSessionQuery() {
  const { live } = useBridge();
  return useQuery({ queryKey: keys.session, queryFn: () => live.loadSession(), gcTime: Infinity });
}

export function useSession(): Session | undefined {
  return useSessionQuery().data;
}

/** The person at this window; only below the sign-in screen. */
export function useMe(): PersonView {
  const session = useSession();
  const people = usePeople();
  if (session?.phase !== 'signed_in') {
    throw new Error('Nobody is signed in');
  }
  return people.get(session.me.id) ?? session.me;
}

export function useConnection(): Connection | undefined {
  const { live } = useBridge();
  return useQuery({ queryKey: keys.connection, queryFn: () => live.loadConnection(), gcTime: Infinity }).data;
}

export function useConversations(): ConversationRow[] | undefined {
  const { live } = useBridge();
  return useQuery({ queryKey: keys.conversations, queryFn: () => live.loadConversations(), gcTime: Infinity }).data;
}

const NOBODY: People = new Map();

export function usePeople(): People {
  const { live } = useBridge();
  return useQuery({ queryKey: keys.people, queryFn: () => live.loadPeople(), gcTime: Infinity }).data ?? NOBODY;
}
