// What a person does to a message: shown in the frame of the key press, then handed to the host.

import type { QueryClient } from '@tanstack/react-query';

import type { ConversationId } from './generated/ConversationId';
import type { MessageAct } from './generated/MessageAct';
import type { Session } from './generated/Session';
import { failureOf, type Host } from './host.ts';
import { keys } from './keys.ts';
import { addRefusal } from './refusals.ts';
import { acted, heldMessage, withMessages, type Timeline } from './timeline.ts';

export class Acts {
  readonly #host: Host;
  readonly #client: QueryClient;

  constructor(host: Host, client: QueryClient) {
    this.#host = host;
    this.#client = client;
  }

  /** Never rejects: what this device could not keep is taken back and told like a refusal of the server. */
  async act(conversation: ConversationId, seq: number, act: MessageAct): Promise<void> {
    const key = keys.timeline(conversation);
    const session = this.#client.getQueryData<Session>(keys.session);
    const timeline = this.#client.getQueryData<Timeline>(key);
    const before = timeline && heldMessage(timeline, seq);
    if (before && session?.phase === 'signed_in') {
      const now = acted(before, act, session.me.id, Date.now());
      this.#client.setQueryData<Timeline>(key, (held) => held && withMessages(held, [now]));
    }
    try {
      await this.#host.actOnMessage(conversation, seq, act);
    } catch (error) {
      if (before) {
        this.#client.setQueryData<Timeline>(key, (held) => held && withMessages(held, [before]));
      }
      addRefusal(this.#client, { conversation, seq, act, failure: failureOf(error) });
    }
  }
}
