// The main window: conversations on the left, one of them in the middle, its details on the right.

import { useEffect, useRef, useState } from 'react';

import { useConversations } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { Keychain } from '#bridge/generated/Keychain.ts';
import { ConnectionLine } from '#features/connection/connection-line.tsx';
import { KeychainNotice } from '#features/connection/keychain-notice.tsx';
import { Sidebar } from '#features/conversations/sidebar.tsx';

import { ConversationView } from './conversation-view.tsx';
import { Dialogs, type OpenDialog } from './dialogs.tsx';
import styles from './main-window.module.css';
import { NothingOpen } from './nothing-open.tsx';
import { rememberedConversation, rememberConversation } from './remembered.ts';
import { useWindowKeys } from './use-window-keys.ts';

interface MainWindowProps {
  workspace: string;
  keychain: Keychain;
}

export function MainWindow({ workspace, keychain }: MainWindowProps) {
  const rows = useConversations();
  const [chosen, setChosen] = useState<ConversationId | null>(null);
  /** In a narrow window the list and the conversation are two pages. */
  const [page, setPage] = useState<'list' | 'conversation'>('list');
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const row = rows?.find((candidate) => candidate.id === chosen);
  if (chosen === null && rows?.[0] !== undefined) {
    // The one that was open last time, else the one with the newest activity. Later activity opens nothing by itself.
    const remembered = rememberedConversation();
    setChosen(rows.find((candidate) => candidate.id === remembered)?.id ?? rows[0].id);
  }

  function open(conversation: ConversationId) {
    setDialog(null);
    setChosen(conversation);
    rememberConversation(conversation);
    setPage('conversation');
  }

  const sidebar = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The page that had the focus may be gone; the one that came takes it.
    const target =
      page === 'list'
        ? sidebar.current?.querySelector<HTMLElement>('[aria-current="page"]')
        : main.current?.querySelector('textarea');
    target?.focus();
  }, [page]);

  useWindowKeys({ rows, selected: row?.id ?? null, onSelect: open, onNewMessage: () => setDialog({ kind: 'new-message' }) });

  return (
    <div className={styles['window']} data-page={page}>
      <div ref={sidebar} className={styles['sidebar']}>
        <Sidebar
          workspace={workspace}
          selected={row?.id ?? null}
          onSelect={open}
          actions={{
            newMessage: () => setDialog({ kind: 'new-message' }),
            newChannel: () => setDialog({ kind: 'new-channel' }),
            browseChannels: () => setDialog({ kind: 'browse-channels' }),
            profile: () => setDialog({ kind: 'profile' }),
            signOut: () => setDialog({ kind: 'sign-out' }),
          }}
        />
      </div>
      <div ref={main} className={styles['main']}>
        <KeychainNotice keychain={keychain} />
        <ConnectionLine />
        {row === undefined ? (
          rows !== undefined && (
            <NothingOpen
              workspace={workspace}
              empty={rows.length === 0}
              onNewMessage={() => setDialog({ kind: 'new-message' })}
              onBrowse={() => setDialog({ kind: 'browse-channels' })}
            />
          )
        ) : (
          <ConversationView
            key={row.id}
            row={row}
            onBack={() => setPage('list')}
            onAddPeople={(members) => setDialog({ kind: 'add-people', row, members })}
          />
        )}
      </div>
      <Dialogs open={dialog} onChange={setDialog} onOpenConversation={open} />
    </div>
  );
}
