// One conversation: its head, its messages, the composer, and a pane beside or over it.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { useMe, usePeople } from '#bridge/context.tsx';
import { Archived } from '#features/composer/archived.tsx';
import { Composer } from '#features/composer/composer.tsx';
import { NotAMember } from '#features/composer/not-a-member.tsx';
import { ConversationHead } from '#features/conversations/conversation-head.tsx';
import { Markdown } from '#features/timeline/markdown.tsx';
import { useTimeline } from '#features/timeline/queries.ts';
import { Timeline } from '#features/timeline/timeline.tsx';
import { errorSentence } from '#text/failure.ts';
import { spokenName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';

import styles from './conversation-view.module.css';
import { SidePane } from './side-pane.tsx';
import type { OpenPane } from './use-place.ts';

interface ConversationViewProps {
  row: ConversationRow;
  pane: OpenPane | null;
  onPane: (pane: OpenPane | null) => void;
  onBack: () => void;
  onAddPeople: (members: ReadonlySet<UserId>) => void;
  onEditTopic: () => void;
  /** Goes to another conversation, such as with a person whose card is open. */
  onWrite: (conversation: ConversationId) => void;
  onSettings: () => void;
}

export function ConversationView(props: ConversationViewProps) {
  const { row, pane, onPane, onBack, onEditTopic, ...ways } = props;
  const me = useMe();
  const people = usePeople();
  const timeline = useTimeline(row.id);
  const name = spokenName(row, people, me.id);
  const partner = row.kind === 'direct' ? (row.members.find((member) => member !== me.id) ?? me.id) : null;
  const details: OpenPane = partner === null ? { kind: 'details' } : { kind: 'person', person: partner };
  const shown = pane?.kind === 'details' ? details : pane;
  const isDetails = shown !== null && samePane(shown, details);

  return (
    <div className={styles['view']} data-pane={shown !== null}>
      <main className={styles['conversation']} aria-label={name}>
        <ConversationHead
          row={row}
          pane={isDetails ? 'details' : shown?.kind === 'pins' ? 'pins' : null}
          onPane={(wanted) => {
            const next: OpenPane = wanted === 'details' ? details : { kind: 'pins' };
            onPane(shown !== null && samePane(shown, next) ? null : next);
          }}
          onEditTopic={onEditTopic}
          onBack={onBack}
        />
        <div className={styles['messages']} data-region="messages">
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
        </div>
        <section className={styles['write']} data-region="composer" aria-label={text.conversation.write}>
          {row.membership !== 'member' ? (
            <NotAMember row={row} />
          ) : row.archived ? (
            <Archived row={row} />
          ) : (
            timeline.data !== undefined && (
              <Composer row={row} name={name} initialDraft={timeline.data.draft} preview={preview} />
            )
          )}
        </section>
      </main>
      {shown !== null && (
        <div className={styles['pane']} data-region="pane">
          <SidePane row={row} pane={shown} onPane={onPane} {...ways} />
        </div>
      )}
    </div>
  );
}

function samePane(one: OpenPane, other: OpenPane): boolean {
  return one.kind === other.kind && (one.kind !== 'person' || other.kind !== 'person' || one.person === other.person);
}

/** What is being written, as it will look among the messages. */
const preview = (body: string) => <Markdown body={body} />;

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
