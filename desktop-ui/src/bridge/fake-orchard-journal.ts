// What became of the latest messages of the orchard: one line for every reason there is.

import type { JournalLine } from './device/JournalLine';
import type { Outcome } from './device/Outcome';
import type { Silence } from './device/Silence';
import type { FakeWorld } from './fake-world.ts';

const REASONS: readonly Silence[] = [
  'on_screen',
  'not_mentioned',
  'own',
  'muted',
  'read',
  'old',
  'deleted',
  'paused',
  'quiet_hours',
];

const OUTCOMES: readonly Outcome[] = [
  { outcome: 'shown', content: true },
  { outcome: 'shown', content: false },
  ...REASONS.map((why): Outcome => ({ outcome: 'silent', why })),
  { outcome: 'failed', problem: { problem: 'no_service', detail: '' } },
  { outcome: 'failed', problem: { problem: 'refused', detail: '' } },
  { outcome: 'failed', problem: { problem: 'silent' } },
];

const BETWEEN_MS = 100 * 60_000;

/** The newest first; one of them is in a conversation that is gone. */
export function orchardJournal({ conversations }: FakeWorld, now: number): JournalLine[] {
  const places = [...conversations.slice(0, 5).map(({ row }) => ({ conversation: row.id, seq: row.head })), { conversation: 'c_gone', seq: 1 }];
  return [...OUTCOMES, ...OUTCOMES].map((outcome, index) => {
    const place = places[index % places.length] ?? { conversation: 'c_gone', seq: 1 };
    return { ...place, at: now - (index + 1) * BETWEEN_MS, outcome };
  });
}
