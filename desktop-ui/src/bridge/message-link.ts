// Links to messages: `loquat://open?server=…&conversation=…&seq=…`.

import type { ConversationId } from './generated/ConversationId';

export interface MessageLink {
  /** The server's address. */
  server: string;
  conversation: ConversationId;
  seq: number;
}

/** What a link to a message says; null for anything else. */
export function messageLinkOf(url: string): MessageLink | null {
  if (!/^loquat:\/\/open\/?\?/iu.test(url)) {
    return null;
  }
  const said = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  const server = said.get('server') ?? '';
  const conversation = said.get('conversation') ?? '';
  const seq = said.get('seq') ?? '';
  if (server === '' || conversation === '' || !/^[1-9]\d{0,15}$/u.test(seq)) {
    return null;
  }
  return { server, conversation, seq: Number(seq) };
}

/** Whether two addresses name the same server: the case of the host and a slash at the end say nothing. */
export function isSameServer(one: string, other: string): boolean {
  const origin = (address: string) => {
    try {
      const { protocol, host, pathname } = new URL(address);
      return `${protocol}//${host}${pathname.replace(/\/+$/u, '')}`;
    } catch {
      return address;
    }
  };
  return origin(one) === origin(other);
}
