// What was pinned in a conversation, the newest first.

import { PinOff } from 'lucide-react';
import type { ReactNode } from 'react';

import { usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import { failureOf } from '#bridge/host.ts';
import { mayPin } from '#bridge/rights.ts';
import { errorSentence } from '#text/failure.ts';
import { initials, personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { fullText, momentText } from '#text/time.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button, IconButton } from '#ui/button.tsx';
import { Pane } from '#ui/pane.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './pins-pane.module.css';
import { usePins, useUnpin } from './queries.ts';

const MINUTE_MS = 60_000;

interface PinsPaneProps {
  row: ConversationRow;
  /** Draws the text of a message. */
  draw: (body: string) => ReactNode;
  onJump: (seq: number) => void;
  onClose: () => void;
}

export function PinsPane({ row, draw, onJump, onClose }: PinsPaneProps) {
  const pins = usePins(row.id);
  const unpin = useUnpin(row.id);
  return (
    <Pane title={text.pins.region} closeLabel={text.pins.close} onClose={onClose}>
      {pins.isError && (
        <div className={styles['empty']} role="alert">
          <p>{failureOf(pins.error)?.reason === 'unreachable' ? text.pins.offline : errorSentence(pins.error)}</p>
          <Button onPress={() => void pins.refetch()}>{text.conversation.tryAgain}</Button>
        </div>
      )}
      {pins.data?.length === 0 && (
        <div className={styles['empty']}>
          <p className={styles['nothing']}>{text.pins.empty}</p>
          {mayPin(row) && <p>{text.pins.emptyLead}</p>}
        </div>
      )}
      <ul className={styles['list']}>
        {pins.data?.map((message) => (
          <Pin
            key={message.seq}
            message={message}
            draw={draw}
            onJump={() => onJump(message.seq)}
            onUnpin={mayPin(row) ? () => unpin(message.seq) : undefined}
          />
        ))}
      </ul>
    </Pane>
  );
}

interface PinProps {
  message: MessageView;
  draw: (body: string) => ReactNode;
  onJump: () => void;
  onUnpin: (() => void) | undefined;
}

function Pin({ message, draw, onJump, onUnpin }: PinProps) {
  const now = useNow(MINUTE_MS);
  const author = personName(usePeople(), message.author);
  return (
    <li className={styles['pin']} data-testid="pin">
      <div className={styles['head']}>
        <Avatar id={message.author} letters={initials(author)} size="small" />
        <bdi className={styles['author']}>{author}</bdi>
        <time title={fullText(message.at, { now })} dateTime={new Date(message.at).toISOString()}>
          {momentText(message.at, { now })}
        </time>
        {onUnpin !== undefined && (
          <IconButton
            icon={PinOff}
            label={text.pins.unpinFrom(author)}
            hint={text.pins.unpin}
            compact
            className={styles['unpin']}
            onPress={onUnpin}
          />
        )}
      </div>
      <div className={styles['body']}>{draw(message.body)}</div>
      <Button weight="link" size="compact" aria-label={text.pins.jumpTo(author)} className={styles['jump']} onPress={onJump}>
        {text.pins.jump}
      </Button>
    </li>
  );
}
