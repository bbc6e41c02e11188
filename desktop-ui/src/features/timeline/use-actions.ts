// Puts into effect what messages ask of their timeline.

import { useMemo, useState } from 'react';

import { useHost, useLiveCache, useMe } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import { useNavigation } from '#bridge/navigation.tsx';
import { quoteOf } from '#bridge/timeline.ts';
import { useFocusComposer, useWriting, writingIn } from '#bridge/writing.ts';

import type { MessageActions, Point } from './actions.ts';
import { rightsOver } from './rights.ts';

/** What is open over the timeline. */
export type Opened =
  | { kind: 'menu' | 'picker'; message: MessageView; at: Point }
  | { kind: 'delete'; message: MessageView }
  | null;

interface Surroundings {
  row: ConversationRow;
  /** Gives a message the focus. */
  focusMessage: (seq: number) => void;
  /** The message with this ordinal and all after it are to stay unread. */
  keepUnread: (ordinal: number) => void;
}

export function useActions({ row, focusMessage, keepUnread }: Surroundings) {
  const host = useHost();
  const live = useLiveCache();
  const me = useMe();
  const { openMessage } = useNavigation();
  const focusComposer = useFocusComposer(row.id);
  const [writing, changeWriting] = useWriting(row.id);
  const [opened, setOpened] = useState<Opened>(null);
  const editing = writing.editing;

  const actions = useMemo((): MessageActions => {
    return {
      rights: (message) => rightsOver(message, row, me),
      react: (message, emoji, on) => void live.acts.act(row.id, message.seq, { act: 'react', emoji, on }),
      reply: (message) => {
        changeWriting({ reply: quoteOf(message) });
        focusComposer();
      },
      edit: (message) => changeWriting({ editing: { seq: message.seq, body: message.body, from: 'message' } }),
      keepEdit: (message, body) => {
        // Another message may be edited by now.
        if (writingIn(live.client, row.id).editing?.seq === message.seq) {
          changeWriting({ editing: { seq: message.seq, body, from: 'refusal' } });
        }
      },
      endEdit: (message, body) => {
        const from = editing?.from;
        changeWriting({ editing: null });
        if (body !== null) {
          void live.acts.act(row.id, message.seq, { act: 'edit', body });
        }
        if (from === 'message') {
          focusMessage(message.seq);
        } else {
          focusComposer();
        }
      },
      askDelete: (message) => setOpened({ kind: 'delete', message }),
      pin: (message, on) => void live.acts.act(row.id, message.seq, { act: 'pin', on }),
      copyText: (message) => copy(selectedWithin(message.seq) ?? message.body),
      copyLink: (message) => void host.messageLink(row.id, message.seq).then(copy, () => undefined),
      markUnread: (message) => {
        keepUnread(message.ordinal);
        host.markUnread(row.id, message.ordinal).catch(() => undefined);
      },
      openMenu: (message, at) => setOpened({ kind: 'menu', message, at }),
      openPicker: (message, at) => setOpened({ kind: 'picker', message, at }),
      jump: (seq) => openMessage(row.id, seq),
    };
  }, [row, me, live, host, changeWriting, focusComposer, focusMessage, keepUnread, openMessage, editing?.from]);

  return { actions, opened, setOpened, editing };
}

function copy(text: string) {
  // Without leave to write the clipboard the text can still be marked and copied by hand.
  navigator.clipboard.writeText(text).catch(() => undefined);
}

/** The words that are marked, if they are in this message. */
function selectedWithin(seq: number): string | null {
  const selection = window.getSelection();
  const marked = selection?.toString() ?? '';
  const message = document.querySelector(`[data-seq="${seq}"]`);
  return marked !== '' && message !== null && selection?.containsNode(message, true) === true ? marked : null;
}
