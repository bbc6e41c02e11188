// A workspace in which Ada is the administrator, on two devices.

import type { FakeHost } from '#bridge/fake-host.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { SessionInfo } from '#bridge/generated/SessionInfo.ts';

import { signedInHost } from './builders.ts';

export const DAY = 24 * 60 * 60_000;

export function administratorHost(): FakeHost {
  const host = signedInHost();
  host.world.setMe({ ...host.world.me, role: 'administrator' });
  host.changeSession(host.world.signedIn());
  return host;
}

export function device(id: string, name: string, more: Partial<SessionInfo> = {}): SessionInfo {
  const now = Date.now();
  return {
    id,
    name,
    system: 'Debian 12',
    signed_in_at: now - DAY,
    last_seen_at: now - DAY / 2,
    address: '192.0.2.7',
    current: false,
    ...more,
  };
}

export function withPerson(host: FakeHost, person: PersonView): void {
  host.world.people = [...host.world.people.filter((other) => other.id !== person.id), person];
}
