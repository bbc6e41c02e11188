// One conversation: its head, its messages, the composer, and its details beside or over it.

import { useRef, useState, type KeyboardEvent } from 'react';

import { useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { DetailsPane } from '#features/channels/details-pane.tsx';
import { Composer } from '#features/composer/composer.tsx';
import { NotAMember } from '#features/composer/not-a-member.tsx';
import { ConversationHead } from '#features/conversations/conversation-head.tsx';
import { useTimeline } from '#features/timeline/queries.ts';
import { Timeline } from '#features/timeline/timeline.tsx';
import { errorSentence } from '#text/failure.ts';
import { spokenName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';

import styles from './conversation-view.module.css';

interface ConversationViewProps {
  row: ConversationRow;
  onBack: () => void;
  onAddPeople: (members: ReadonlySet<UserId>) => void;
}

export function ConversationView({ row, onBack, onAddPeople }: ConversationViewProps) {
  const me = useMe();
  const people = usePeople();
  const [details, setDetails] = useState(false);
  const detailsButton = useRef<HTMLButtonElement>(null);
  const timeline = useTimeline(row.id);
  const name = spokenName(row, people, me.id);

  function closeDetails() {
    setDetails(false);
    detailsButton.current?.focus();
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Escape' && details && !event.defaultPrevented) {
      closeDetails();
    }
  }

  return (
    // Escape closes the pane from wherever the focus is; the controls are inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles['view']} data-details={details} onKeyDown={press}>
      <main className={styles['conversation']} aria-label={name}>
        <ConversationHead
          row={row}
          detailsOpen={details}
          detailsButton={detailsButton}
          onDetails={() => setDetails(!details)}
          onBack={onBack}
        />
        {timeline.data !== undefined && <Timeline row={row} timeline={timeline.data} />}
        {timeline.data === undefined && (
          <div className={styles['waiting']}>
            {timeline.isError ? (
              <div role="alert">
                <p>{errorSentence(timeline.error)}</p>
                <Button onPress={() => void timeline.refetch()}>{text.conversation.tryAgain}</Button>
              </div>
            ) : (
              <Skeleton />
            )}
          </div>
        )}
        {row.membership !== 'member' ? (
          <NotAMember row={row} />
        ) : (
          timeline.data !== undefined && (
            <Composer conversation={row.id} name={name} initialDraft={timeline.data.draft} />
          )
        )}
      </main>
      {details && (
        <div className={styles['details']}>
          <DetailsPane row={row} onClose={closeDetails} onAddPeople={onAddPeople} />
        </div>
      )}
    </div>
  );
}

/** Shown only when reading from the disk takes noticeably long. */
function Skeleton() {
  return (
    <div className={styles['skeleton']} aria-hidden>
      {[0.7, 0.4, 0.55].map((share) => (
        <div key={share}>
          <span />
          <span style={{ inlineSize: `${share * 100}%` }} />
        </div>
      ))}
    </div>
  );
}
