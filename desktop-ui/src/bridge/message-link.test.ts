import { describe, expect, it } from 'vitest';

import { isSameServer, messageLinkOf } from './message-link.ts';

describe('a link to a message', () => {
  it('says which message of which server', () => {
    const url = 'loquat://open?server=https%3A%2F%2Fchat.example.org&conversation=c_1&seq=42';
    expect(messageLinkOf(url)).toEqual({ server: 'https://chat.example.org', conversation: 'c_1', seq: 42 });
  });

  it.each([
    'https://chat.example.org/open?server=x&conversation=c_1&seq=42',
    'loquat://join?server=https%3A%2F%2Fchat.example.org&code=ABC',
    'loquat://open?server=https%3A%2F%2Fchat.example.org&conversation=c_1',
    'loquat://open?server=https%3A%2F%2Fchat.example.org&conversation=c_1&seq=0',
    'loquat://open?server=https%3A%2F%2Fchat.example.org&conversation=c_1&seq=1e3',
    'loquat://open?conversation=c_1&seq=42',
    'loquat://opener?server=x&conversation=c_1&seq=42',
  ])('is not %s', (url) => {
    expect(messageLinkOf(url)).toBeNull();
  });
});

describe('a server', () => {
  it('is the same whatever the case of its name and the slash at its end', () => {
    expect(isSameServer('https://Chat.example.org/', 'https://chat.example.org')).toBe(true);
    expect(isSameServer('https://chat.example.org:443', 'https://chat.example.org')).toBe(true);
  });

  it('is another on another port, scheme, name or path', () => {
    const here = 'https://chat.example.org';
    for (const other of ['https://chat.example.org:8443', 'http://chat.example.org', 'https://example.org', `${here}/b`, '']) {
      expect(isSameServer(other, here), other).toBe(false);
    }
  });
});
