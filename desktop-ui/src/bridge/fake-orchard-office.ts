// Accounts and settings of the company of fake-orchard.ts: months of an audit log, devices, invitations, faces.

import type { AuditAction } from './generated/AuditAction';
import type { AuditEvent } from './generated/AuditEvent';
import type { PersonView } from './generated/PersonView';
import type { Presence } from './generated/Presence';
import type { SessionInfo } from './generated/SessionInfo';
import type { UserId } from './generated/UserId';
import { newOffice, type Office } from './fake-office.ts';
import { portrait } from './fake-portrait.ts';
import type { FakeWorld } from './fake-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const EVENTS = 340;

/** Also gives the people of the world their pictures and roles, and adds some who left. */
export function orchardOffice(world: FakeWorld, now: number): Office {
  const office = newOffice(world.workspace, world.me.id, now);
  office.settings = { ...office.settings, sign_in_domains: ['orchard.example', 'oldwall.example'], version: 7 };
  office.sessions = devices(now);
  office.presence = new Map(presences(now).map((view) => [view.person, view]));
  office.audit = auditLog(now);
  office.invitations = invitations(now);

  world.people = [...world.people.map(asKnown), ...gone()];
  world.me = world.people.find((person) => person.id === world.me.id) ?? world.me;
  for (const person of world.people) {
    if (person.picture !== null) {
      office.pictures.set(person.picture, portrait(person.id));
    }
  }
  return office;
}

const FACES = ['u_ada', 'u_mei', 'u_tom', 'u_sofia', 'u_yuki'];
const ADMINISTRATORS = ['u_ada', 'u_lena'];

function asKnown(person: PersonView): PersonView {
  return {
    ...person,
    role: ADMINISTRATORS.includes(person.id) ? 'administrator' : 'member',
    picture: FACES.includes(person.id) ? `p_${person.id}` : null,
  };
}

function gone(): PersonView[] {
  const left = { time_zone: 'Europe/Berlin', active: false, role: 'member', picture: null } as const;
  return [
    { id: 'u_karl', name: 'Karl Ott', title: 'Driver', email: 'karl@orchard.example', ...left },
    { id: 'u_nora', name: 'Nora Lindqvist', title: 'Intern', email: 'nora@oldwall.example', ...left },
  ];
}

function presences(now: number) {
  const there: [UserId, Presence, number][] = [
    ['u_ada', 'online', now],
    ['u_mei', 'online', now - MINUTE],
    ['u_tom', 'away', now - 25 * MINUTE],
    ['u_lena', 'online', now],
    ['u_ravi', 'offline', now - 20 * HOUR],
    ['u_sofia', 'offline', now - 3 * HOUR],
    ['u_jonas', 'away', now - 12 * MINUTE],
    ['u_yuki', 'offline', now - 9 * DAY],
  ];
  return there.map(([person, presence, lastSeen]) => ({ person, presence, last_seen: lastSeen }));
}

function devices(now: number): SessionInfo[] {
  const device = (id: string, name: string, system: string, address: string) => ({ id, name, system, address });
  return [
    {
      ...device('s_this', 'desk-4', 'Debian GNU/Linux 12 (bookworm)', '192.0.2.14'),
      signed_in_at: now - 64 * DAY,
      last_seen_at: now - MINUTE,
      current: true,
    },
    {
      ...device('s_home', 'ada-home', 'Fedora Linux 43 (Workstation Edition)', '2001:db8:7:42::19'),
      signed_in_at: now - 30 * DAY,
      last_seen_at: now - 14 * HOUR,
      current: false,
    },
    {
      ...device('s_cold', 'cold-room-terminal', 'Windows 11', '192.0.2.80'),
      signed_in_at: now - 190 * DAY,
      last_seen_at: now - 12 * DAY,
      current: false,
    },
  ];
}

function invitations(now: number) {
  const invited = (id: string, email: string, by: UserId, days: number) => ({
    id: `i_${id}`,
    email,
    role: 'member' as const,
    invited_by: by,
    invited_at: now - days * DAY,
    expires_at: now - days * DAY + 7 * DAY,
    accepted_at: null,
  });
  return [
    invited('1', 'pilar@ferry.example', 'u_ada', 1),
    { ...invited('2', 'auditor@numbers.example', 'u_lena', 3), role: 'administrator' as const },
    invited('3', 'summer.help.2026.with.a.long.address@old-wall-fruit-pickers.example', 'u_lena', 11),
    { ...invited('4', 'yuki@orchard.example', 'u_ada', 40), accepted_at: now - 39 * DAY },
  ];
}

interface Happening {
  action: AuditAction;
  actor: UserId | null;
  target?: string;
  detail?: string;
}

const DAILY: Happening[] = [
  { action: 'signed_in', actor: 'u_mei', detail: 'desk-2, Debian GNU/Linux 12 (bookworm)' },
  { action: 'signed_in', actor: 'u_jonas', detail: 'cold-room-terminal, Windows 11' },
  { action: 'signed_out', actor: 'u_jonas', detail: 'cold-room-terminal, Windows 11' },
  { action: 'signed_in', actor: 'u_ravi', detail: 'ravi-laptop, Fedora Linux 43 (Workstation Edition)' },
  { action: 'signed_in', actor: 'u_sofia', detail: 'sofia-road, Windows 11' },
  { action: 'signed_out', actor: 'u_sofia', detail: 'sofia-road, Windows 11' },
];

const SELDOM: Happening[] = [
  { action: 'invited', actor: 'u_ada', target: 'pilar@ferry.example', detail: 'role: member' },
  { action: 'session_revoked', actor: 'u_tom', target: 's_lost', detail: 'tom-old-laptop, Ubuntu 24.04.3 LTS' },
  {
    action: 'settings_changed',
    actor: 'u_ada',
    detail: 'sign-in domains: orchard.example -> orchard.example, oldwall.example; channel creation: administrators -> everyone',
  },
  { action: 'role_changed', actor: 'u_ada', target: 'u_lena', detail: 'role: member -> administrator' },
  { action: 'deactivated', actor: 'u_lena', target: 'u_karl' },
  { action: 'refresh_token_reused', actor: null, target: 'u_karl' },
  { action: 'invitation_accepted', actor: 'u_yuki', target: 'yuki@orchard.example', detail: 'role: member' },
  { action: 'invitation_withdrawn', actor: 'u_ada', target: 'karl@private.example' },
  { action: 'audit_exported', actor: 'u_lena' },
  { action: 'reactivated', actor: 'u_ada', target: 'u_nora' },
];

function auditLog(now: number): AuditEvent[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const seldom = index % 5 === 1 ? SELDOM[Math.floor(index / 5) % SELDOM.length] : undefined;
    const happening = seldom ?? DAILY[index % DAILY.length] ?? { action: 'signed_in', actor: 'u_ada' };
    return {
      seq: EVENTS - index,
      at: now - 7 * MINUTE - index * 97 * MINUTE,
      actor: happening.actor,
      action: happening.action,
      target: happening.target ?? null,
      detail: happening.detail ?? '',
      address: happening.actor === null ? '' : `192.0.2.${10 + (index % 70)}`,
    };
  });
}
