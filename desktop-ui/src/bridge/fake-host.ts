// A host without Tauri, a server or a disk: keeps a small world in memory and behaves like the real one, so that
// screens can be drawn, tested and photographed. Tests steer it through what is added here. Its parts, from the bottom:
// fake-core.ts, fake-workspace.ts (people), fake-channels.ts, fake-messages.ts, fake-search.ts,
// fake-mentions.ts, fake-device.ts, fake-updates.ts, fake-network.ts, fake-support.ts.

import type { Connection } from './generated/Connection';
import type { ConversationId } from './generated/ConversationId';
import type { Failure } from './generated/Failure';
import type { MessageView } from './generated/MessageView';
import type { UserId } from './generated/UserId';
import { FakeSupport } from './fake-support.ts';
import type { Host } from './host.ts';

export { refused } from './fake-core.ts';

export class FakeHost extends FakeSupport implements Host {
  /** Going online delivers what waited. */
  changeConnection(connection: Connection): void {
    this.connectionNow = connection;
    this.tell({ change: 'connection', connection });
    if (connection.state === 'online') {
      const waiting = this.world.conversations.flatMap((held) => held.pending);
      waiting.filter((message) => message.failure === null).forEach((message) => this.deliver(message.client_id));
    }
  }

  /** Somebody writes. */
  receive(conversation: ConversationId, author: UserId, body: string): MessageView {
    return this.appendMessage(this.find(conversation), author, { body, client_id: this.name('m') });
  }

  /** The server refused an unsent message. */
  refuse(clientId: string, failure: Failure): void {
    const { held, message } = this.waiting(clientId);
    held.pending = held.pending.map((other) => (other === message ? { ...message, failure } : other));
    this.tellPending(held);
  }

  /** Somebody types, or stops. */
  type(conversation: ConversationId, people: UserId[]): void {
    this.tell({ change: 'typing', conversation, people });
  }

  /** Somebody has read up to here. */
  read(conversation: ConversationId, person: UserId, ordinal: number): void {
    const held = this.find(conversation);
    held.receipts = [...held.receipts.filter((receipt) => receipt.person !== person), { person, ordinal }];
    this.tell({ change: 'receipts', conversation, receipts: [...held.receipts] });
  }
}
