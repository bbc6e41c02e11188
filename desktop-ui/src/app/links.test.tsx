import { act, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { signedInHost, signedOutHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { App } from './app.tsx';

const here = 'https://chat.orchard.example';
const link = (server: string, conversation: string) =>
  `loquat://open?server=${encodeURIComponent(server)}&conversation=${conversation}&seq=1`;

async function draw() {
  const host = signedInHost();
  await renderWith(host, <App />);
  await screen.findByRole('textbox', { name: 'Message #general' });
  return host;
}

describe('a link from outside', () => {
  it('opens the conversation of the message', async () => {
    const host = await draw();
    const other = host.world.conversations[1]!.row;

    act(() => host.startWith(link(here, other.id)));

    await screen.findByRole('textbox', { name: 'Message Tom Okafor' });
  });

  it('says so when it leads into another workspace', async () => {
    const host = await draw();

    act(() => host.startWith(link('https://chat.elsewhere.org', 'c_1')));

    expect(await screen.findByRole('alert')).toHaveTextContent('That link does not lead into this workspace.');
  });

  it('begins with the invitation when nobody is signed in', async () => {
    const host = signedOutHost();
    await renderWith(host, <App />);
    await screen.findByRole('heading', { level: 1 });

    const invitation = 'loquat://join?server=https%3A%2F%2Fchat.example.org&invitation=abc';
    act(() => host.startWith(invitation));

    expect(await screen.findByDisplayValue(invitation)).toBeVisible();
  });
});
