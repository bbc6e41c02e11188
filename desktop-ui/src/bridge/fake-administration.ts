// The part of the scripted host for administrators: accounts, invitations, settings, the audit log.

import type { AuditEvent } from './generated/AuditEvent';
import type { AuditPage } from './generated/AuditPage';
import type { AuditQuery } from './generated/AuditQuery';
import type { Invitation } from './generated/Invitation';
import type { PersonChange } from './generated/PersonChange';
import type { PersonView } from './generated/PersonView';
import type { Role } from './generated/Role';
import type { Session } from './generated/Session';
import type { SettingsChange } from './generated/SettingsChange';
import type { UserId } from './generated/UserId';
import type { WorkspaceSettings } from './generated/WorkspaceSettings';
import { FakeCore, refused } from './fake-core.ts';
import { audited, newOffice, type Office } from './fake-office.ts';
import type { FakeWorld } from './fake-world.ts';

const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60_000;
const PAGE_EVENTS = 50;

export class FakeAdministration extends FakeCore {
  office: Office;

  constructor(world: FakeWorld, session: Session) {
    super(world, session);
    this.office = newOffice(world.workspace, world.me.id, Date.now());
  }

  workspaceSettings = (): Promise<WorkspaceSettings> => this.do('workspaceSettings', () => ({ ...this.office.settings }));

  changeSettings = (change: SettingsChange): Promise<WorkspaceSettings> =>
    this.do(`changeSettings ${JSON.stringify(change)}`, () => {
      this.#administratorsOnly();
      if (change.name?.trim() === '') {
        throw refused('invalid_name');
      }
      if (change.sign_in_domains?.some((domain) => !domain.includes('.')) === true) {
        throw refused('invalid_domain');
      }
      this.office.settings = { ...this.office.settings, ...change, version: this.office.settings.version + 1 };
      audited(this.office, this.world.me.id, 'settings_changed', { detail: Object.keys(change).join(', ') });
      this.tell({ change: 'workspace', settings: { ...this.office.settings } });
      return { ...this.office.settings };
    });

  everyone = (query: string): Promise<PersonView[]> =>
    this.do(`everyone ${query}`, () => {
      this.#administratorsOnly();
      const wanted = query.toLocaleLowerCase();
      return this.world.people
        .filter((person) => `${person.name} ${person.email}`.toLocaleLowerCase().includes(wanted))
        .sort((a, b) => a.name.localeCompare(b.name));
    });

  changePerson = (person: UserId, change: PersonChange): Promise<PersonView> =>
    this.do(`changePerson ${person} ${JSON.stringify(change)}`, () => {
      this.#administratorsOnly();
      const before = this.world.people.find((other) => other.id === person);
      if (before === undefined) {
        throw refused('unknown_person');
      }
      const after: PersonView = { ...before, ...change };
      const administrators = this.world.people.filter((other) => other.role === 'administrator' && other.active);
      const steps = after.role !== 'administrator' || !after.active;
      if (steps && administrators.length === 1 && administrators[0]?.id === person) {
        throw refused('last_administrator');
      }
      this.#write(before, after);
      return after;
    });

  invitations = (): Promise<Invitation[]> =>
    this.do('invitations', () => {
      this.#administratorsOnly();
      return [...this.office.invitations];
    });

  invite = (email: string, role: Role): Promise<Invitation> =>
    this.do(`invite ${email} ${role}`, () => {
      this.#administratorsOnly();
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/u.test(email)) {
        throw refused('invalid_email');
      }
      if (this.world.people.some((person) => person.email === email)) {
        throw refused('already_a_member');
      }
      const now = Date.now();
      const invitation: Invitation = {
        id: this.name('i'),
        email,
        role,
        invited_by: this.world.me.id,
        invited_at: now,
        expires_at: now + INVITATION_LIFETIME_MS,
        accepted_at: null,
      };
      const others = this.office.invitations.filter((other) => other.email !== email || other.accepted_at != null);
      this.office.invitations = [invitation, ...others];
      audited(this.office, this.world.me.id, 'invited', { target: email, detail: `role: ${role}` });
      return invitation;
    });

  withdrawInvitation = (invitation: string): Promise<void> =>
    this.do(`withdrawInvitation ${invitation}`, () => {
      this.#administratorsOnly();
      const withdrawn = this.office.invitations.find((other) => other.id === invitation);
      if (withdrawn === undefined) {
        throw refused('not_found');
      }
      this.office.invitations = this.office.invitations.filter((other) => other !== withdrawn);
      audited(this.office, this.world.me.id, 'invitation_withdrawn', { target: withdrawn.email });
    });

  auditLog = (query: AuditQuery): Promise<AuditPage> =>
    this.do(`auditLog ${JSON.stringify(query)}`, () => {
      this.#administratorsOnly();
      const found = this.office.audit.filter((event) => asked(event, query));
      const events = found.slice(0, query.limit ?? PAGE_EVENTS);
      return { events, next: events.length < found.length ? (events.at(-1)?.seq ?? null) : null };
    });

  exportAuditLog = (query: AuditQuery): Promise<string> =>
    this.do(`exportAuditLog ${JSON.stringify(query)}`, () => {
      this.#administratorsOnly();
      audited(this.office, this.world.me.id, 'audit_exported');
      return '/home/ada/Downloads/loquat-audit-2026-03-10.jsonl';
    });

  #administratorsOnly(): void {
    if (this.world.me.role !== 'administrator') {
      throw refused('forbidden');
    }
  }

  #write(before: PersonView, after: PersonView): void {
    const me = this.world.me.id;
    if (before.role !== after.role) {
      audited(this.office, me, 'role_changed', { target: after.id, detail: `role: ${before.role} -> ${after.role}` });
    }
    if (before.active !== after.active) {
      audited(this.office, me, after.active ? 'reactivated' : 'deactivated', { target: after.id });
    }
    if (after.id === me) {
      this.world.setMe(after);
    } else {
      this.world.people = this.world.people.map((person) => (person.id === after.id ? after : person));
    }
    this.tell({ change: 'people', people: [after] });
  }
}

function asked(event: AuditEvent, query: AuditQuery): boolean {
  return (
    event.seq < (query.before ?? Number.POSITIVE_INFINITY) &&
    (query.actor === undefined || event.actor === query.actor) &&
    (query.action === undefined || event.action === query.action) &&
    event.at >= (query.since ?? 0) &&
    event.at < (query.until ?? Number.POSITIVE_INFINITY)
  );
}
