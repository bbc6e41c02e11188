// One of the person's own messages that the server has not stored: on its way, or refused.

import { CircleAlert, Clock3 } from 'lucide-react';

import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { People } from '#bridge/live-cache.ts';
import { sendProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import type { Clock } from '#text/time.ts';
import { Button } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { Hidden } from '#ui/hidden.tsx';
import { Icon } from '#ui/icon.tsx';

import { Body } from './body.tsx';
import type { Unsent } from './items.ts';
import { Head, Margin } from './message-head.tsx';
import styles from './message.module.css';
import { useDiscard, useRetry } from './queries.ts';
import { Quote } from './quote.tsx';

interface UnsentMessageProps {
  id: string;
  message: Unsent;
  people: People;
  me: PersonView;
  first: boolean;
  clock: Clock;
  walked: boolean;
  /** Whether place is kept for the faces of those who have read. */
  hasReceipts: boolean;
}

export function UnsentMessage(props: UnsentMessageProps) {
  const { id, message, people, me, first, clock, walked, hasReceipts } = props;
  const failed = message.failure !== null;
  return (
    <article
      data-testid="message"
      data-state={failed ? 'failed' : 'pending'}
      data-key={id}
      data-walked={walked}
      // It is walked by arrows.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={walked ? 0 : -1}
      className={classes(
        styles['message'],
        styles['unsent'],
        first && styles['first'],
        hasReceipts && styles['withReceipts'],
      )}
    >
      {message.reply !== null && <Quote reply={message.reply} people={people} reachable={walked} />}
      <Margin id={me.id} author={me.name} at={message.writtenAt} first={first} clock={clock} />
      <div className={styles['content']}>
        <Head id={me.id} author={me.name} at={message.writtenAt} first={first} clock={clock} reachable={walked} />
        <Body body={message.body} />
        {failed && message.clientId !== null && <Failed message={message} clientId={message.clientId} />}
      </div>
      {!failed && (
        <span className={styles['clock']} title={text.timeline.sending}>
          <Icon of={Clock3} />
          <Hidden>{text.timeline.sending}</Hidden>
        </span>
      )}
    </article>
  );
}

function Failed({ message, clientId }: { message: Unsent; clientId: string }) {
  const retry = useRetry();
  const discard = useDiscard();
  const busy = retry.isPending || discard.isPending;
  return (
    <div className={styles['failed']} role="group" aria-label={text.timeline.notSent}>
      <Icon of={CircleAlert} />
      <span>
        {text.timeline.notSent} {message.failure !== null && sendProblem(message.failure)}
      </span>
      <span className={styles['ways']}>
        <Button weight="link" size="compact" busy={busy} onPress={() => retry.mutate(clientId)}>
          {text.timeline.tryAgain}
        </Button>
        <span className={styles['dot']} aria-hidden>
          ·
        </span>
        <Button weight="link" size="compact" busy={busy} onPress={() => discard.mutate(clientId)}>
          {text.timeline.discard}
        </Button>
      </span>
    </div>
  );
}
