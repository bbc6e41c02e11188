// Where the person is signed in, and signing out what they do not use.

import { Laptop } from 'lucide-react';
import { useState } from 'react';

import type { SessionInfo } from '#bridge/generated/SessionInfo.ts';
import { errorSentence, pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { fullText, momentInSentence, type Clock } from '#text/time.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';
import { Question } from '#ui/dialog.tsx';
import { Icon } from '#ui/icon.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Page } from '#ui/page.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './devices-page.module.css';
import { useEndOtherSessions, useEndSession, useSessions } from './queries.ts';

type Asking = { what: 'one'; session: SessionInfo } | { what: 'others'; count: number } | null;

export function DevicesPage() {
  const sessions = useSessions();
  const [asking, setAsking] = useState<Asking>(null);
  const [done, setDone] = useState('');

  function finish(sentence: string) {
    setAsking(null);
    setDone(sentence);
  }

  return (
    <Page title={text.settings.devices.title} lead={text.settings.devices.lead}>
      <Loaded
        data={sessions.data}
        problem={sessions.isError ? pageProblem(sessions.error) : undefined}
        onTryAgain={() => void sessions.refetch()}
      >
        {(list) => (
          <Devices
            sessions={list}
            onEnd={(session) => setAsking({ what: 'one', session })}
            onEndOthers={() => setAsking({ what: 'others', count: list.length - 1 })}
          />
        )}
      </Loaded>
      <p role="status" className={styles['done']}>
        {done}
      </p>
      {asking?.what === 'one' && (
        <EndQuestion
          session={asking.session}
          onEnded={() => finish(text.settings.devices.ended(asking.session.name))}
          onClose={() => setAsking(null)}
        />
      )}
      {asking?.what === 'others' && (
        <EndOthersQuestion
          count={asking.count}
          onEnded={() => finish(text.settings.devices.othersEnded)}
          onClose={() => setAsking(null)}
        />
      )}
    </Page>
  );
}

interface DevicesProps {
  sessions: readonly SessionInfo[];
  onEnd: (session: SessionInfo) => void;
  onEndOthers: () => void;
}

function Devices({ sessions, onEnd, onEndOthers }: DevicesProps) {
  const now = useNow(60_000);
  const ordered = [...sessions].sort((a, b) => Number(b.current) - Number(a.current) || b.last_seen_at - a.last_seen_at);
  return (
    <>
      <ul className={styles['list']} aria-label={text.settings.devices.list}>
        {ordered.map((session) => (
          <Device key={session.id} session={session} clock={{ now }} onEnd={() => onEnd(session)} />
        ))}
      </ul>
      {ordered.length > 1 ? (
        <Button className={styles['others']} onPress={onEndOthers}>
          {text.settings.devices.endOthers}
        </Button>
      ) : (
        <p className={styles['only']}>{text.settings.devices.onlyThis}</p>
      )}
    </>
  );
}

function Device({ session, clock, onEnd }: { session: SessionInfo; clock: Clock; onEnd: () => void }) {
  const seen = session.current
    ? text.settings.devices.active(session.address)
    : text.settings.devices.lastSeen(momentInSentence(session.last_seen_at, clock), session.address);
  return (
    <li className={styles['device']}>
      <span className={styles['sign']}>
        <Icon of={Laptop} large />
      </span>
      <div className={styles['words']}>
        <p className={styles['name']}>
          <bdi>{session.name}</bdi>
          {session.current && <Badge tone="warm">{text.settings.devices.thisDevice}</Badge>}
        </p>
        <p className={styles['detail']}>{session.system}</p>
        <p className={styles['detail']} title={fullText(session.last_seen_at, clock)}>
          {seen}
        </p>
        <p className={styles['detail']} title={fullText(session.signed_in_at, clock)}>
          {text.settings.devices.signedIn(momentInSentence(session.signed_in_at, clock))}
        </p>
      </div>
      {!session.current && (
        <Button size="compact" aria-label={text.settings.devices.endNamed(session.name)} onPress={onEnd}>
          {text.settings.devices.end}
        </Button>
      )}
    </li>
  );
}

interface EndQuestionProps {
  onEnded: () => void;
  onClose: () => void;
}

function EndQuestion({ session, onEnded, onClose }: EndQuestionProps & { session: SessionInfo }) {
  const end = useEndSession(onEnded);
  return (
    <Question
      title={text.settings.devices.endTitle(session.name)}
      lead={text.settings.devices.endLead}
      confirm={text.settings.devices.end}
      error={end.isError ? errorSentence(end.error) : undefined}
      busy={end.isPending}
      onConfirm={() => end.mutate(session.id)}
      onClose={onClose}
    />
  );
}

function EndOthersQuestion({ count, onEnded, onClose }: EndQuestionProps & { count: number }) {
  const end = useEndOtherSessions(onEnded);
  return (
    <Question
      title={text.settings.devices.endOthersTitle}
      lead={text.settings.devices.endOthersLead(count)}
      confirm={text.settings.devices.end}
      error={end.isError ? errorSentence(end.error) : undefined}
      busy={end.isPending}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    />
  );
}
