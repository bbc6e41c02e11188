// Tells the host what is on the screen, from whoever draws it: the open conversation, and people anywhere.

import type { ConversationId } from './generated/ConversationId';
import type { UserId } from './generated/UserId';
import type { Host } from './host.ts';

/** Scrolling past somebody is not looking at them. */
const GATHER_MS = 300;

export interface Looked {
  conversations: readonly ConversationId[];
  people: readonly UserId[];
}

export class Watching {
  readonly #host: Host;
  readonly #looks = new Map<object, Looked>();
  #isWaiting = false;
  #told = '';

  constructor(host: Host) {
    this.#host = host;
  }

  /** `by` looks at this from now on, instead of what it looked at before. */
  look(by: object, looked: Looked): void {
    this.#looks.set(by, looked);
    this.#tellSoon();
  }

  lookAway(by: object): void {
    this.#looks.delete(by);
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      setTimeout(() => this.#tell(), GATHER_MS);
    }
  }

  #tell(): void {
    this.#isWaiting = false;
    const looks = [...this.#looks.values()];
    const conversations = [...new Set(looks.flatMap((looked) => looked.conversations))].sort();
    const people = [...new Set(looks.flatMap((looked) => looked.people))].sort();
    const told = JSON.stringify([conversations, people]);
    if (told !== this.#told) {
      this.#told = told;
      // The next look tells it again.
      this.#host.watch(conversations, people).catch(() => (this.#told = ''));
    }
  }
}
