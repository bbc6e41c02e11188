// Why each of the latest messages was shown or not.

import { useState } from 'react';

import { useConversations, useMe, usePeople } from '#bridge/context.tsx';
import type { JournalLine } from '#bridge/device/JournalLine.ts';
import type { Outcome } from '#bridge/device/Outcome.ts';
import { useNavigation } from '#bridge/navigation.tsx';
import { pageProblem } from '#text/failure.ts';
import { spokenName } from '#text/names.ts';
import { numberText } from '#text/numbers.ts';
import { text } from '#text/text.ts';
import { fullText, momentText } from '#text/time.ts';
import { Button } from '#ui/button.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { PagePart } from '#ui/page.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './journal-part.module.css';
import { useJournal } from './notification-queries.ts';

const MINUTE_MS = 60_000;
/** Who asks why they were told asks about one of the last few. */
const FIRST_LINES = 20;

export function JournalPart() {
  const journal = useJournal();
  return (
    <PagePart title={text.notifications.why} lead={text.notifications.whyLead}>
      <Loaded
        data={journal.data}
        problem={journal.isError ? pageProblem(journal.error) : undefined}
        onTryAgain={() => void journal.refetch()}
      >
        {(lines) => <Lines lines={lines} />}
      </Loaded>
    </PagePart>
  );
}

function Lines({ lines }: { lines: readonly JournalLine[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const now = useNow(MINUTE_MS);
  if (lines.length === 0) {
    return <p className={styles['none']}>{text.notifications.none}</p>;
  }
  const shown = showsAll ? lines : lines.slice(0, FIRST_LINES);
  return (
    <>
      <ul className={styles['list']} aria-label={text.notifications.list}>
        {shown.map((line) => (
          <Line key={`${line.conversation} ${line.seq} ${line.at}`} line={line} now={now} />
        ))}
      </ul>
      {shown.length < lines.length && (
        <Button className={styles['all']} onPress={() => setShowsAll(true)}>
          {text.notifications.showAll(numberText(lines.length))}
        </Button>
      )}
    </>
  );
}

function Line({ line: { at, conversation, seq, outcome }, now }: { line: JournalLine; now: number }) {
  const me = useMe();
  const people = usePeople();
  const { openMessage } = useNavigation();
  const row = useConversations()?.find((candidate) => candidate.id === conversation);
  const words = (
    <>
      <time className={styles['time']} dateTime={new Date(at).toISOString()} title={fullText(at, { now })}>
        {momentText(at, { now })}
      </time>
      <span className={styles['words']}>
        <bdi className={styles['name']}>{row === undefined ? text.notifications.gone : spokenName(row, people, me.id)}</bdi>
        <span className={styles['sentence']}>{outcomeSentence(outcome)}</span>
      </span>
    </>
  );
  return (
    <li>
      {row === undefined ? (
        <div className={styles['line']}>{words}</div>
      ) : (
        <button type="button" className={styles['line']} onClick={() => openMessage(conversation, seq)}>
          {words}
        </button>
      )}
    </li>
  );
}

function outcomeSentence(outcome: Outcome): string {
  const say = text.notifications.outcome;
  switch (outcome.outcome) {
    case 'shown':
      return outcome.content ? say.shown : say.withoutText;
    case 'silent':
      return say[outcome.why];
    case 'failed':
      return say[outcome.problem.problem];
  }
}
