// Whether the person one writes with is there, and what they do: "Online · Packaging".

import { usePresence } from '#bridge/context.tsx';
import type { PresenceView } from '#bridge/generated/PresenceView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { text } from '#text/text.ts';
import { fullText, momentInSentence, type Clock } from '#text/time.ts';
import { useNow } from '#ui/use-now.ts';

import styles from './presence-line.module.css';

const MINUTE_MS = 60_000;

export function PresenceLine({ person, title }: { person: UserId; title: string }) {
  const there = usePresence().get(person);
  const now = useNow(MINUTE_MS);
  const said = there === undefined ? '' : presenceText(there, { now });
  const seen = there?.last_seen ?? null;
  return (
    <p className={styles['line']} data-presence={there?.presence ?? 'unknown'}>
      {said !== '' && <span title={seen === null ? undefined : fullText(seen, { now })}>{said}</span>}
      {title !== '' && <span className={styles['title']}>{title}</span>}
    </p>
  );
}

/** Nothing for somebody who is away for good and of whom nothing is known. */
export function presenceText(there: PresenceView, clock: Clock): string {
  switch (there.presence) {
    case 'online':
      return text.presence.online;
    case 'away':
      return text.presence.away;
    case 'offline':
      return there.last_seen === null ? '' : text.conversation.lastSeen(momentInSentence(there.last_seen, clock));
  }
}
