// Ways through the window that any feature may take; the window itself says where they lead.

import { createContext, useContext, type ReactNode } from 'react';

import type { ConversationId } from './generated/ConversationId';
import type { UserId } from './generated/UserId';
import { useSession } from './context.tsx';
import { isSameServer, messageLinkOf } from './message-link.ts';

export interface Navigation {
  /** Opens the conversation, and shows the message with this seq in it. */
  openMessage: (conversation: ConversationId, seq: number) => void;
  /** Shows who somebody is. */
  openPerson: (person: UserId) => void;
}

const NOWHERE: Navigation = { openMessage: () => undefined, openPerson: () => undefined };

const NavigationContext = createContext<Navigation>(NOWHERE);

export function NavigationProvider({ navigation, children }: { navigation: Navigation; children: ReactNode }) {
  return <NavigationContext value={navigation}>{children}</NavigationContext>;
}

export function useNavigation(): Navigation {
  return useContext(NavigationContext);
}

/** For a link in a message: what to do instead of opening a browser; null when it does not lead into this workspace. */
export function useMessageLink(): (url: string) => (() => void) | null {
  const session = useSession();
  const { openMessage } = useNavigation();
  const server = session?.phase === 'signed_in' ? session.server : null;
  return (url) => {
    const link = messageLinkOf(url);
    if (link === null || server === null || !isSameServer(link.server, server)) {
      return null;
    }
    return () => openMessage(link.conversation, link.seq);
  };
}
