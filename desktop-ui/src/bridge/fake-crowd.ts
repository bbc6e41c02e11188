// A workspace of a large company, for measuring: thousands of people and conversations, with names as people have them.

import type { PersonView } from './generated/PersonView';
import { FakeWorld, type Wanted } from './fake-world.ts';

const FIRST = ['Ada', 'Mei', 'Tom', 'Ravi', 'Sofía', 'Lena', 'Yuki', 'Nora', 'Karl', 'Zoë', 'Jonas', 'Amara', 'Pilar', 'Édouard', 'Ines', 'Oleg'];
const LAST = ['Winter', 'Tan', 'Okafor', 'Menon', 'Álvarez', 'Brandt', 'Sato', 'Lindqvist', 'Weber', 'Haddad', 'Marchetti', 'Novak', 'Müller', 'Osei'];
const TEAM = ['design', 'harvest', 'logistics', 'quality', 'press', 'orchard', 'warehouse', 'finance', 'people', 'platform', 'field', 'sales', 'support'];
const MATTER = ['review', 'planning', 'incidents', 'north', 'south', 'standup', 'ideas', 'metrics', 'weekly', 'questions', 'archive'];

const MINUTE_MS = 60_000;

/** Half of the conversations are channels, the others with one person each; every fortieth has something unread. */
export function crowd(me: PersonView, size: { people: number; conversations: number }, now: number): FakeWorld {
  const people = Array.from({ length: size.people }, (_, at) => somebody(at, me));
  const world = new FakeWorld(me, people);
  for (let at = 0; at < size.conversations; at += 1) {
    const partner = people[at];
    const said = [{ by: partner?.id ?? me.id, at: now - at * MINUTE_MS, body: 'Good morning' }];
    const name = `${nth(TEAM, at)}-${nth(MATTER, Math.floor(at / 3))}-${at}`;
    const wanted: Wanted =
      at % 2 === 0 || partner === undefined
        ? { id: `c_${at}`, kind: 'channel', name }
        : { id: `d_${at}`, kind: 'direct', members: [me.id, partner.id] };
    world.add(wanted, said, at % 40 === 0 ? 1 : 0);
  }
  return world;
}

function somebody(at: number, like: PersonView): PersonView {
  const name = `${nth(FIRST, at)} ${nth(LAST, Math.floor(at / FIRST.length))}${at < FIRST.length * LAST.length ? '' : ` ${Math.floor(at / 100)}`}`;
  return { ...like, id: `u_${at}`, name, email: `person${at}@orchard.example`, title: '', role: 'member', picture: null };
}

function nth(names: readonly string[], at: number): string {
  return names[at % names.length] ?? '';
}
