// The part of the scripted host about who one is and who else is here: sign-in, people, pictures, presence, devices.

import type { InvitationLink } from './generated/InvitationLink';
import type { PersonView } from './generated/PersonView';
import type { Presence } from './generated/Presence';
import type { PresenceView } from './generated/PresenceView';
import type { ProfileChange } from './generated/ProfileChange';
import type { ServerChoice } from './generated/ServerChoice';
import type { Session } from './generated/Session';
import type { SessionId } from './generated/SessionId';
import type { SessionInfo } from './generated/SessionInfo';
import type { UserId } from './generated/UserId';
import { FakeAdministration } from './fake-administration.ts';
import { refused } from './fake-core.ts';
import { audited } from './fake-office.ts';
import { FAKE_CODE } from './fake-world.ts';
import { HostError } from './host.ts';

const CODE_LIFETIME_MS = 10 * 60_000;
const RESEND_AFTER_MS = 30_000;
const CODE_TRIES = 5;
/** The code of an invitation that works. */
export const FAKE_INVITATION = 'ORCHARD4TREES';
/** How the content of a picture begins in base64. */
const PICTURE_TYPES = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['UklGR', 'image/webp'],
] as const;

export class FakeWorkspace extends FakeAdministration {
  #codeTries = CODE_TRIES;

  offered: ServerChoice = { offered: [], others: true };
  serverChoice = () => this.do('serverChoice', () => this.offered);

  checkServer = (address: string) =>
    this.do(`checkServer ${address}`, () => ({
      address: /^https?:/u.test(address) ? address : `https://${address}`,
      workspace: this.world.workspace,
    }));

  requestCode = (server: string, email: string) =>
    this.do(`requestCode ${server} ${email}`, () => {
      if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/u.test(email)) {
        throw refused('invalid_email');
      }
      this.#codeTries = CODE_TRIES;
      const now = Date.now();
      return { email, expires_at: now + CODE_LIFETIME_MS, resend_at: now + RESEND_AFTER_MS };
    });

  signIn = (code: string) =>
    this.do(`signIn ${code}`, () => {
      if (code !== FAKE_CODE) {
        this.#codeTries -= 1;
        throw this.#codeTries > 0 ? refused('code_wrong', { triesLeft: this.#codeTries }) : refused('code_used_up');
      }
      return this.changeSession(this.world.signedIn());
    });

  readInvitation = (link: string): Promise<InvitationLink> =>
    this.do(`readInvitation ${link}`, () => {
      const said = new URLSearchParams(/^loquat:\/\/join\/?\?(.*)$/u.exec(link)?.[1] ?? '');
      const [server, code] = [said.get('server'), said.get('code')];
      if (server === null || code === null) {
        throw new HostError({ reason: 'invalid_address', address: link });
      }
      return { server, code };
    });

  acceptInvitation = (link: string): Promise<Session> =>
    this.do(`acceptInvitation ${link}`, () => {
      if (!link.includes(FAKE_INVITATION)) {
        throw refused('invitation_invalid');
      }
      return this.changeSession(this.world.signedIn());
    });

  signOut = () =>
    this.do('signOut', () => {
      this.changeSession({ phase: 'signed_out', server: this.world.server, email: this.world.me.email, reason: null });
    });

  people = () => this.do('people', () => [...this.world.people]);

  findPeople = (query: string) =>
    this.do(`findPeople ${query}`, () => {
      const wanted = query.toLocaleLowerCase();
      return this.world.people
        .filter((person) => `${person.name} ${person.email}`.toLocaleLowerCase().includes(wanted))
        .sort((a, b) => a.name.localeCompare(b.name));
    });

  updateProfile = (change: ProfileChange): Promise<PersonView> =>
    this.do(`updateProfile ${JSON.stringify(change)}`, () => {
      if (change.name?.trim() === '') {
        throw refused('invalid_name');
      }
      return this.#changeMe(change);
    });

  presence = (): Promise<PresenceView[]> => this.do('presence', () => [...this.office.presence.values()]);

  picture = (person: UserId, picture: string): Promise<string> =>
    this.do(`picture ${person} ${picture}`, () => {
      const found = this.office.pictures.get(picture);
      if (found === undefined) {
        throw refused('not_found');
      }
      return found;
    });

  setPicture = (data: string): Promise<PersonView> =>
    this.do(`setPicture ${data.length}`, () => {
      const type = PICTURE_TYPES.find(([start]) => data.startsWith(start))?.[1];
      if (type === undefined) {
        throw refused('invalid_picture');
      }
      const picture = this.name('p');
      this.office.pictures.set(picture, `data:${type};base64,${data}`);
      return this.#changeMe({ picture });
    });

  removePicture = (): Promise<PersonView> => this.do('removePicture', () => this.#changeMe({ picture: null }));

  sessions = (): Promise<SessionInfo[]> => this.do('sessions', () => [...this.office.sessions]);

  endSession = (session: SessionId): Promise<void> =>
    this.do(`endSession ${session}`, () => {
      if (!this.office.sessions.some((other) => other.id === session)) {
        throw refused('not_found');
      }
      this.office.sessions = this.office.sessions.filter((other) => other.id !== session);
      audited(this.office, this.world.me.id, 'session_revoked', { target: session });
    });

  endOtherSessions = (): Promise<void> =>
    this.do('endOtherSessions', () => {
      this.office.sessions = this.office.sessions.filter((session) => session.current);
      audited(this.office, this.world.me.id, 'session_revoked');
    });

  /** Somebody comes, goes, or leaves their desk. */
  changePresence(person: UserId, presence: Presence, lastSeen: number | null = Date.now()): void {
    const view: PresenceView = { person, presence, last_seen: lastSeen };
    this.office.presence.set(person, view);
    this.tell({ change: 'presence', people: [view] });
  }

  #changeMe(change: Partial<PersonView>): PersonView {
    const me: PersonView = { ...this.world.me, ...change };
    this.world.setMe(me);
    this.tell({ change: 'people', people: [me] });
    return me;
  }
}
