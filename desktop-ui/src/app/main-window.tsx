// The main window: conversations on the left, one of them in the middle, a pane on the right; or the settings.

import { lazy, Suspense, useEffect, useState } from 'react';

import { useConversations, useHost, useLiveCache, useMe, useWorkspace } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { Keychain } from '#bridge/generated/Keychain.ts';
import { NavigationProvider, type Navigation } from '#bridge/navigation.tsx';
import { mayCreateChannels } from '#bridge/rights.ts';
import { ConnectionLine } from '#features/connection/connection-line.tsx';
import { KeychainNotice } from '#features/connection/keychain-notice.tsx';
import { Sidebar } from '#features/conversations/sidebar.tsx';
import { useSections } from '#features/conversations/use-sections.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';

import { ConversationView } from './conversation-view.tsx';
import type { OpenDialog } from './dialogs.tsx';
import { JumpProblem } from './jump-problem.tsx';
import styles from './main-window.module.css';
import { NothingOpen } from './nothing-open.tsx';
import { Settings } from './settings.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { usePlace } from './use-place.ts';
import { useWindowKeys } from './use-window-keys.ts';

/** Not part of the first frame; fetched from the disk right after it, before anybody can ask for one. */
const loadDialogs = () => import('./dialogs.tsx');
const Dialogs = lazy(async () => ({ default: (await loadDialogs()).Dialogs }));

interface MainWindowProps {
  workspace: string;
  keychain: Keychain;
}

export function MainWindow({ workspace: signedInTo, keychain }: MainWindowProps) {
  const host = useHost();
  const live = useLiveCache();
  const me = useMe();
  const settings = useWorkspace();
  const rows = useConversations();
  const workspace = settings?.name ?? signedInTo;
  const { place, go, frame } = usePlace(rows);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const row = rows?.find((candidate) => candidate.id === place.conversation);
  const list = useSections(rows, row?.id ?? null);

  function open(conversation: ConversationId) {
    setDialog(null);
    setProblem(null);
    go.to(conversation);
  }

  const navigation: Navigation = {
    openMessage: (conversation, seq) => {
      if (rows?.some((candidate) => candidate.id === conversation) !== true) {
        setProblem(text.jump.notHere);
        return;
      }
      if (conversation !== place.conversation || place.settings) {
        open(conversation);
      }
      setProblem(null);
      live.jumpTo(conversation, seq).catch((error: unknown) => setProblem(errorSentence(error)));
    },
    openPerson: (person) => go.pane({ kind: 'person', person }),
  };

  function escape() {
    if (place.pane !== null) {
      go.pane(null);
    } else if (row !== undefined && row.unread > 0) {
      host.markRead(row.id, row.ordinal).catch(() => undefined);
    }
  }

  useEffect(() => void loadDialogs(), []);
  useKeptFocus();
  useWindowKeys({
    order: list.order,
    selected: row?.id ?? null,
    onSelect: open,
    onNewMessage: () => setDialog({ kind: 'new-message' }),
    onSettings: () => go.settings(true),
    onKeySheet: () => setDialog({ kind: 'keys' }),
    onEscape: escape,
  });
  const mayCreate = mayCreateChannels(me, settings);
  const newChannel = mayCreate ? () => setDialog({ kind: 'new-channel' }) : undefined;

  return (
    <NavigationProvider navigation={navigation}>
      <div ref={frame} className={styles['window']} data-page={place.page}>
        <div className={styles['sidebar']} data-region="list">
          <Sidebar
            workspace={workspace}
            list={list}
            selected={row?.id ?? null}
            onSelect={open}
            actions={{
              newMessage: () => setDialog({ kind: 'new-message' }),
              newChannel,
              browseChannels: () => setDialog({ kind: 'browse-channels' }),
              details: (conversation) => {
                open(conversation);
                go.pane({ kind: 'details' });
              },
              leave: (left) => setDialog({ kind: 'leave', row: left }),
              settings: () => go.settings(true),
              keys: () => setDialog({ kind: 'keys' }),
              signOut: () => setDialog({ kind: 'sign-out' }),
            }}
          />
        </div>
        <div className={styles['main']}>
          <KeychainNotice keychain={keychain} />
          <ConnectionLine />
          {problem !== null && <JumpProblem sentence={problem} onDismiss={() => setProblem(null)} />}
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
              pane={place.pane}
              onPane={go.pane}
              onBack={go.back}
              onAddPeople={(members) => setDialog({ kind: 'add-people', row, members })}
              onEditTopic={() => setDialog({ kind: 'topic', row })}
              onWrite={(conversation) => {
                open(conversation);
                go.pane(null);
              }}
              onSettings={() => go.settings(true)}
            />
          )}
        </div>
      </div>
      {place.settings && (
        <Settings onClose={() => go.settings(false)} onSignOut={() => setDialog({ kind: 'sign-out' })} />
      )}
      <Suspense fallback={null}>
        <Dialogs open={dialog} onChange={setDialog} onOpenConversation={open} mayCreate={mayCreate} />
      </Suspense>
    </NavigationProvider>
  );
}
