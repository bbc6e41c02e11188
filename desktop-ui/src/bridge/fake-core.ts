// What every part of the scripted host stands on: its world, who listens, how it answers, and how it is made to fail.

import type { Connection } from './generated/Connection';
import type { ConversationId } from './generated/ConversationId';
import type { ErrorCode } from './generated/ErrorCode';
import type { Failure } from './generated/Failure';
import type { Session } from './generated/Session';
import type { FakeConversation, FakeWorld } from './fake-world.ts';
import { HostError, type HostChange } from './host.ts';

export function refused(code: ErrorCode, more: { retryAfter?: number; triesLeft?: number } = {}): HostError {
  return new HostError({
    reason: 'refused',
    code,
    detail: code,
    retry_after_s: more.retryAfter ?? null,
    tries_left: more.triesLeft ?? null,
  });
}

export class FakeCore {
  readonly world: FakeWorld;
  /** Every call that reached the host, for tests: `openLink https://…`. */
  readonly calls: string[] = [];
  protected connectionNow: Connection = { state: 'online' };
  readonly #listeners = new Set<(change: HostChange) => void>();
  readonly #linkListeners = new Set<(link: string) => void>();
  readonly #nextFailures: [string, Failure][] = [];
  #session: Session;
  #numbers = 0;

  constructor(world: FakeWorld, session: Session) {
    this.world = world;
    this.#session = session;
  }

  listen(listener: (change: HostChange) => void) {
    this.#listeners.add(listener);
    return Promise.resolve(() => void this.#listeners.delete(listener));
  }

  session = () => this.do('session', () => this.#session);
  connection = () => this.do('connection', () => this.connectionNow);
  reconnectNow = () => this.do('reconnectNow', () => undefined);
  hideWindow = () => this.do('hideWindow', () => undefined);
  quit = () => this.do('quit', () => undefined);

  listenForLinks(open: (link: string) => void) {
    this.#linkListeners.add(open);
    return Promise.resolve(() => void this.#linkListeners.delete(open));
  }

  /** As if the system had started the app with this link. */
  startWith(link: string): void {
    for (const open of this.#linkListeners) {
      open(link);
    }
  }

  openLink = (url: string) => this.do(`openLink ${url}`, () => undefined);
  version = () => this.do('version', () => '0.1.0');

  tell(change: HostChange): void {
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  /** The next call whose description starts with `call` is refused. */
  failNext(call: string, failure: Failure): void {
    this.#nextFailures.push([call, failure]);
  }

  changeSession(session: Session): Session {
    this.#session = session;
    this.tell({ change: 'session', session });
    return session;
  }

  /** Answers a call after a while, as the script says. */
  protected async do<T>(call: string, act: () => T): Promise<T> {
    this.calls.push(call);
    await new Promise((resolve) => setTimeout(resolve, this.world.answerMs));
    const at = this.#nextFailures.findIndex(([prefix]) => call.startsWith(prefix));
    if (at >= 0) {
      const [[, failure] = ['', null]] = this.#nextFailures.splice(at, 1);
      if (failure !== null) {
        throw new HostError(failure);
      }
    }
    return act();
  }

  protected find(conversation: ConversationId): FakeConversation {
    const held = this.world.conversations.find((other) => other.row.id === conversation);
    if (held === undefined) {
      throw refused('not_found');
    }
    return held;
  }

  protected tellRow(held: FakeConversation): void {
    this.tell({ change: 'conversations', rows: [{ ...held.row }] });
  }

  /** An id that was not used before. */
  protected name(prefix: string): string {
    this.#numbers += 1;
    return `${prefix}_fake${this.#numbers}`;
  }
}
