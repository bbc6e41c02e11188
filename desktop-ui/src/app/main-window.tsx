// The main window: conversations on the left, one of them in the middle, a pane on the right; or the settings.

import { useRef, useState } from 'react';

import { useConversations, useHost, useLiveCache, useMe, useWorkspace } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { Keychain } from '#bridge/generated/Keychain.ts';
import { NavigationProvider, type Navigation } from '#bridge/navigation.tsx';
import { mayCreateChannels } from '#bridge/rights.ts';
import { ConnectionLine } from '#features/connection/connection-line.tsx';
import { KeychainNotice } from '#features/connection/keychain-notice.tsx';
import { neighbour } from '#features/conversations/sections.ts';
import { Sidebar } from '#features/conversations/sidebar.tsx';
import { useSections } from '#features/conversations/use-sections.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';

import { DialogPlace, type DialogHandle } from './dialog-place.tsx';
import type { OpenDialog } from './dialogs.tsx';
import { JumpProblem } from './jump-problem.tsx';
import { MainPart } from './main-part.tsx';
import styles from './main-window.module.css';
import { LinkOpener } from './link-opener.tsx';
import { Settings } from './settings.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { usePlace } from './use-place.ts';
import { useQuit } from './use-quit.ts';
import { useWindowKeys } from './use-window-keys.ts';

interface MainWindowProps {
  workspace: string;
  keychain: Keychain;
  /** A link from outside that waits to be opened. */
  link?: string | null;
  onLinkOpened?: () => void;
}

export function MainWindow({ workspace: signedInTo, keychain, link = null, onLinkOpened }: MainWindowProps) {
  const host = useHost();
  const live = useLiveCache();
  const me = useMe();
  const settings = useWorkspace();
  const rows = useConversations();
  const workspace = settings?.name ?? signedInTo;
  const { place, go, frame, recent } = usePlace(rows);
  const dialogs = useRef<DialogHandle>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const row = rows?.find((candidate) => candidate.id === place.conversation);
  const selected = place.view === 'conversation' ? (row?.id ?? null) : null;
  const list = useSections(rows, selected);

  const show = (dialog: OpenDialog | null) => dialogs.current?.show(dialog);

  function open(conversation: ConversationId) {
    show(null);
    setProblem(null);
    go.to(conversation);
  }

  const navigation: Navigation = {
    openMessage: (conversation, seq) => {
      if (rows?.some((candidate) => candidate.id === conversation) !== true) {
        setProblem(text.jump.notHere);
        return;
      }
      if (conversation !== selected || place.settings) {
        open(conversation);
      } else {
        go.leave();
      }
      setProblem(null);
      live.jumpTo(conversation, seq).catch((error: unknown) => setProblem(errorSentence(error)));
    },
    openPerson: (person) => go.pane({ kind: 'person', person }),
  };

  function escape() {
    if (place.view !== 'conversation') {
      go.toView('conversation');
    } else if (place.pane !== null) {
      go.pane(null);
    } else if (row !== undefined && row.unread > 0) {
      host.markRead(row.id, row.ordinal).catch(() => undefined);
    }
  }

  function nextUnread() {
    const next = neighbour(list.order, place.conversation, 1, true);
    if (next !== undefined) {
      open(next.id);
    }
  }

  const quit = useQuit();
  const jump = () => show({ kind: 'switcher', open: selected, recent });
  useKeptFocus();
  useWindowKeys({
    order: list.order,
    selected,
    onSelect: open,
    onStep: (direction) => {
      setProblem(null);
      go.step(direction);
    },
    onSwitcher: jump,
    onSearch: () => go.toView('search'),
    onNewMessage: () => show({ kind: 'new-message' }),
    onSettings: () => go.settings(true),
    onKeySheet: () => show({ kind: 'keys' }),
    onEscape: escape,
  });
  const mayCreate = mayCreateChannels(me, settings);
  const newChannel = mayCreate ? () => show({ kind: 'new-channel' }) : undefined;

  return (
    <NavigationProvider navigation={navigation}>
      <LinkOpener link={link} onOpened={() => onLinkOpened?.()} onProblem={setProblem} />
      <div ref={frame} className={styles['window']} data-page={place.page}>
        <div className={styles['sidebar']} data-region="list">
          <Sidebar
            workspace={workspace}
            list={list}
            selected={selected}
            view={place.view}
            onSelect={open}
            actions={{
              jump,
              nextUnread,
              search: () => go.toView('search'),
              mentions: () => go.toView('mentions'),
              newMessage: () => show({ kind: 'new-message' }),
              newChannel,
              browseChannels: () => show({ kind: 'browse-channels' }),
              details: (conversation) => {
                open(conversation);
                go.pane({ kind: 'details' });
              },
              leave: (left) => show({ kind: 'leave', row: left }),
              settings: () => go.settings(true),
              keys: () => show({ kind: 'keys' }),
              signOut: () => show({ kind: 'sign-out' }),
              quit,
            }}
          />
        </div>
        <div className={styles['main']}>
          <KeychainNotice keychain={keychain} />
          <ConnectionLine onDetails={() => go.settings('connection')} />
          {problem !== null && <JumpProblem sentence={problem} onDismiss={() => setProblem(null)} />}
          <MainPart
            place={place}
            workspace={workspace}
            onPane={go.pane}
            onBack={go.toList}
            onShow={show}
            onOpen={open}
            onSettings={() => go.settings(true)}
          />
        </div>
      </div>
      {place.settings && (
        <Settings first={place.settings === 'connection' ? 'connection' : undefined} onClose={() => go.settings(false)} onSignOut={() => show({ kind: 'sign-out' })} />
      )}
      <DialogPlace ref={dialogs} onOpenConversation={open} mayCreate={mayCreate} />
    </NavigationProvider>
  );
}
