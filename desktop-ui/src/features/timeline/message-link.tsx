// A link to a message of this workspace: leads there inside of the window, and says which conversation it is in.

import { CornerDownRight } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';

import { useConversations, useMe, usePeople } from '#bridge/context.tsx';
import type { MessageLink as Address } from '#bridge/message-link.ts';
import { useMessageLink } from '#bridge/navigation.tsx';
import { spokenName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Icon } from '#ui/icon.tsx';

import styles from './markdown.module.css';

interface MessageLinkProps {
  url: string;
  address: Address;
  children: ReactNode;
}

export function MessageLink({ url, address, children }: MessageLinkProps) {
  const me = useMe();
  const people = usePeople();
  const row = useConversations()?.find((candidate) => candidate.id === address.conversation);
  const jump = useMessageLink()(url);
  if (jump === null) {
    // Of another server: this window cannot go there.
    return <span>{children}</span>;
  }
  function open(event: MouseEvent) {
    event.preventDefault();
    jump?.();
  }
  const name = row === undefined ? text.timeline.messageLink : text.timeline.messageLinkIn(spokenName(row, people, me.id));
  return (
    <a href={url} className={styles['link']} onClick={open} onAuxClick={(event) => event.preventDefault()}>
      {children === url ? (
        <>
          <Icon of={CornerDownRight} className={styles['inlineIcon']} /> {name}
        </>
      ) : (
        children
      )}
    </a>
  );
}
