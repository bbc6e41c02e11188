// Hands the host and its cache to everything that draws, and the truths that several features read.

import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { createContext, useContext, useEffect, type ReactNode } from 'react';

import { followActivity } from './activity.ts';
import type { Connection } from './generated/Connection';
import type { ConversationId } from './generated/ConversationId';
import type { ConversationRow } from './generated/ConversationRow';
import type { PersonView } from './generated/PersonView';
import type { Session } from './generated/Session';
import type { UserId } from './generated/UserId';
import type { WorkspaceSettings } from './generated/WorkspaceSettings';
import type { Host } from './host.ts';
import { keys } from './keys.ts';
import type { LiveCache, People, PresenceOf } from './live-cache.ts';

interface Bridge {
  host: Host;
  live: LiveCache;
}

const BridgeContext = createContext<Bridge | null>(null);

export function BridgeProvider({ host, live, children }: Bridge & { children: ReactNode }) {
  return (
    <BridgeContext value={{ host, live }}>
      <QueryClientProvider client={live.client}>
        <Activity />
        {children}
      </QueryClientProvider>
    </BridgeContext>
  );
}

/** Tells the host whether somebody is at this window, as long as they are signed in. */
function Activity() {
  const { host } = useBridge();
  const isSignedIn = useSession()?.phase === 'signed_in';
  useEffect(() => (isSignedIn ? followActivity(host) : undefined), [host, isSignedIn]);
  return null;
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

const NO_PRESENCE: PresenceOf = new Map();

/** Who is there, as far as it is known; a person who is not in it is offline. */
export function usePresence(): PresenceOf {
  const { live } = useBridge();
  return useQuery({ queryKey: keys.presence, queryFn: () => live.loadPresence(), gcTime: Infinity }).data ?? NO_PRESENCE;
}

/** How the workspace is set up; undefined until the server has said so. */
export function useWorkspace(): WorkspaceSettings | undefined {
  const { live } = useBridge();
  return useQuery({ queryKey: keys.workspace, queryFn: () => live.loadWorkspace(), gcTime: Infinity }).data;
}

const NOBODY_TYPES: readonly UserId[] = [];

export function useTyping(conversation: ConversationId): readonly UserId[] {
  return (
    useQuery({ queryKey: keys.typing(conversation), queryFn: () => NOBODY_TYPES, enabled: false, gcTime: Infinity }).data ??
    NOBODY_TYPES
  );
}
