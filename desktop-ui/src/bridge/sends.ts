// Messages between the key press and the host's answer: shown at once, handed over one at a time, in order.

import type { QueryClient } from '@tanstack/react-query';

import type { ConversationId } from './generated/ConversationId';
import type { ReplyView } from './generated/ReplyView';
import type { Host } from './host.ts';
import { keys } from './keys.ts';
import { accepted, withoutSend, withSend, type Timeline } from './timeline.ts';

export interface Written {
  body: string;
  /** What it answers. */
  reply: ReplyView | null;
}

export class Sends {
  readonly #host: Host;
  readonly #client: QueryClient;
  /** The host gets one message of a conversation at a time; calls side by side could overtake each other. */
  readonly #last = new Map<ConversationId, Promise<void>>();
  #count = 0;

  constructor(host: Host, client: QueryClient) {
    this.#host = host;
    this.#client = client;
  }

  /** Resolves when the host has answered for everything that was sent. */
  async settled(): Promise<void> {
    await Promise.all(this.#last.values());
  }

  /** Resolves once the host has written the message down; rejects, and takes it back, when it cannot. */
  send(conversation: ConversationId, written: Written): Promise<void> {
    this.#count += 1;
    const localId = `local ${this.#count}`;
    this.#change(conversation, (held) => withSend(held, { localId, ...written, writtenAt: Date.now() }));
    const turn = (this.#last.get(conversation) ?? Promise.resolve()).then(() => this.#hand(conversation, localId, written));
    this.#last.set(
      conversation,
      turn.catch(() => undefined),
    );
    return turn;
  }

  async #hand(conversation: ConversationId, localId: string, { body, reply }: Written): Promise<void> {
    try {
      const message = await this.#host.sendMessage(conversation, body, reply?.seq ?? null);
      this.#change(conversation, (held) => accepted(held, localId, message));
    } catch (error) {
      this.#change(conversation, (held) => withoutSend(held, localId));
      throw error;
    }
  }

  #change(conversation: ConversationId, apply: (held: Timeline) => Timeline): void {
    this.#client.setQueryData<Timeline>(keys.timeline(conversation), (held) => held && apply(held));
  }
}
