// Whether somebody is there, in words.

import type { PresenceView } from '#bridge/generated/PresenceView.ts';
import { text } from '#text/text.ts';
import { momentInSentence, type Clock } from '#text/time.ts';

export function presenceText({ presence, last_seen: lastSeen }: PresenceView, clock: Clock): string {
  if (presence === 'online') {
    return text.presence.online;
  }
  if (lastSeen === null) {
    return presence === 'away' ? text.presence.away : text.presence.offline;
  }
  const when = momentInSentence(lastSeen, clock);
  return presence === 'away' ? text.presence.awaySince(when) : text.presence.offlineSince(when);
}
