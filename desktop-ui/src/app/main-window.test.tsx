import { act, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { BridgeProvider } from '#bridge/context.tsx';
import type { FakeHost } from '#bridge/fake-host.ts';
import { refused } from '#bridge/fake-host.ts';
import { LiveCache } from '#bridge/live-cache.ts';
import { ADA, MEI, signedInHost, TOM } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { App } from './app.tsx';

const messages = () => screen.queryAllByTestId('message').map((message) => `${message.dataset['state']}: ${message.textContent}`);
const message = (text: string) => screen.getAllByTestId('message').find((element) => element.textContent.includes(text));
const rowOf = (name: string) => screen.getAllByTestId('conversation-row').find((row) => row.textContent.includes(name))!;

async function draw(host: FakeHost = signedInHost()) {
  const drawn = await renderWith(host, <App />);
  await screen.findByRole('textbox', { name: 'Message #general' });
  await waitFor(() => expect(messages().length).toBeGreaterThan(0));
  return { host, ...drawn };
}

afterEach(() => vi.useRealTimers());

let hasFocus = true;
beforeEach(() => {
  hasFocus = true;
  vi.spyOn(document, 'hasFocus').mockImplementation(() => hasFocus);
});

describe('the main window', () => {
  it('draws from what the host has on disk, asking the server for nothing', async () => {
    const { host } = await draw();
    expect(host.calls.map((call) => call.split(' ')[0])).not.toContain('earlier');
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('general');
    expect(screen.getByRole('log', { name: 'Messages in #general' })).toHaveTextContent('Good morning');
  });

  it('shows an own message at once, then as stored, never twice', async () => {
    const { host, user } = await draw();
    await user.keyboard('Hello{Enter}');
    expect(message('Hello')).toHaveAttribute('data-state', 'pending');
    await waitFor(() => expect(host.world.conversations[0]?.pending).toHaveLength(1));

    host.deliver(host.world.conversations[0]?.pending[0]?.client_id ?? '');

    await waitFor(() => expect(message('Hello')).toHaveAttribute('data-state', 'stored'));
    expect(messages().filter((text) => text.includes('Hello'))).toHaveLength(1);
  });

  it('says that a message was not sent, and tries it again', async () => {
    const { host, user } = await draw();
    await user.keyboard('Hello{Enter}');
    await waitFor(() => expect(host.world.conversations[0]?.pending).toHaveLength(1));
    const clientId = host.world.conversations[0]?.pending[0]?.client_id ?? '';

    host.refuse(clientId, refused('forbidden').failure);
    await waitFor(() => expect(message('Hello')).toHaveAttribute('data-state', 'failed'));
    expect(message('Hello')).toHaveTextContent('Not sent. You may not do this.');
    await user.click(screen.getByRole('button', { name: 'Try again' }));

    await waitFor(() => expect(message('Hello')).toHaveAttribute('data-state', 'pending'));
    expect(host.calls).toContain(`retryMessage ${clientId}`);
  });

  it('discards a message that was not sent', async () => {
    const { host, user } = await draw();
    await user.keyboard('Hello{Enter}');
    await waitFor(() => expect(host.world.conversations[0]?.pending).toHaveLength(1));
    host.refuse(host.world.conversations[0]?.pending[0]?.client_id ?? '', refused('internal').failure);
    await user.click(await screen.findByRole('button', { name: 'Discard' }));
    await waitFor(() => expect(message('Hello')).toBeUndefined());
  });

  it('keeps a draft per conversation while switching', async () => {
    const { user } = await draw();
    await user.keyboard('half a thought');
    await user.click(rowOf('Tom'));
    expect(await screen.findByRole('textbox', { name: 'Message Tom Okafor' })).toHaveValue('');
    await user.click(rowOf('general'));
    expect(await screen.findByRole('textbox', { name: 'Message #general' })).toHaveValue('half a thought');
  });
});

describe('a start that fails', () => {
  it('says why and tries again', async () => {
    const host = signedInHost();
    host.failNext('session', { reason: 'storage', detail: 'disk full' });
    const live = new LiveCache(host);
    render(
      <BridgeProvider host={host} live={live}>
        <App />
      </BridgeProvider>,
    );
    expect(await screen.findByText(/The disk of this computer cannot be used/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('textbox', { name: 'Message #general' })).toBeVisible();
  });
});

describe('unread messages', () => {
  it('of another conversation are counted in the list', async () => {
    const { host } = await draw();
    host.receive('d_tom', TOM.id, 'Ping');
    host.receive('d_tom', TOM.id, 'Pong');
    await waitFor(() => expect(rowOf('Tom')).toHaveAccessibleName(/2 unread/));
    expect(within(screen.getByRole('region', { name: 'Unread' })).getByText('Tom Okafor')).toBeVisible();
  });

  it('are read when they are on screen and the person is there', async () => {
    const { host } = await draw();
    host.receive('c_general', MEI.id, 'News');
    await waitFor(() => expect(host.calls).toContain('markRead c_general 2'));
  });

  it('are not read while the person is elsewhere, however long that is', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    hasFocus = false;
    const { host } = await draw();
    host.receive('c_general', MEI.id, 'News');
    await waitFor(() => expect(rowOf('general')).toHaveAccessibleName(/1 unread/));
    expect(await screen.findByText('New')).toBeVisible();
    await act(() => vi.advanceTimersByTimeAsync(600_000));
    expect(host.calls.filter((call) => call.startsWith('markRead'))).toEqual([]);

    hasFocus = true;
    window.dispatchEvent(new Event('focus'));
    await waitFor(() => expect(host.calls).toContain('markRead c_general 2'));
  });

  it('of the open conversation are said to screen readers', async () => {
    const { host } = await draw();
    host.receive('c_general', MEI.id, 'News');
    await waitFor(() => expect(screen.getByTestId('announcer')).toHaveTextContent('Mei Tan: News'));
  });
});

describe('signing out', () => {
  async function signOut(user: Awaited<ReturnType<typeof draw>>['user']) {
    await user.click(screen.getByRole('button', { name: /your menu/i }));
    await user.click(screen.getByRole('menuitem', { name: 'Sign out' }));
    return screen.findByRole('alertdialog');
  }

  it('asks first, and leads to the first screen', async () => {
    const { user } = await draw();
    const question = await signOut(user);
    await user.click(within(question).getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByLabelText('E-mail')).toHaveValue(ADA.email);
  });

  it('says that unsent messages would be lost', async () => {
    const { host, user } = await draw();
    await user.keyboard('Hello{Enter}');
    await waitFor(() => expect(host.world.conversations[0]?.pending).toHaveLength(1));
    expect(await signOut(user)).toHaveTextContent('1 message has not been sent yet. It is lost when you sign out.');
  });
});

describe('the connection', () => {
  it('is not mentioned while it is well', async () => {
    await draw();
    expect(screen.getByTestId('connection')).toHaveAttribute('data-state', 'online');
    expect(screen.getByTestId('connection')).toBeEmptyDOMElement();
  });

  it('is not mentioned in the first three seconds of trouble', async () => {
    const { host } = await draw();
    host.changeConnection({ state: 'connecting', since: Date.now() });
    await waitFor(() => expect(screen.getByTestId('connection')).toHaveAttribute('data-state', 'connecting'));
    expect(screen.getByTestId('connection')).toBeEmptyDOMElement();
  });

  it('that is gone says what happens to what one writes, and tries again when asked', async () => {
    const { host, user } = await draw();
    const longAgo = Date.now() - 60_000;
    host.changeConnection({ state: 'offline', since: longAgo, retry_at: longAgo, unsent: 2 });
    expect(await screen.findByText('Offline. 2 messages will be sent when you are back.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try now' }));
    expect(host.calls).toContain('reconnectNow');
  });
});

describe('without a keychain', () => {
  it('the window says that the session ends with the app, until dismissed', async () => {
    const host = signedInHost();
    host.world.keychain = 'missing';
    host.changeSession(host.world.signedIn());
    const { user } = await draw(host);
    expect(screen.getByTestId('keychain-notice')).toHaveTextContent('signed in for this run only');
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(screen.queryByTestId('keychain-notice')).toBeNull();
  });
});

describe('starting something', () => {
  it('with one person opens a direct conversation', async () => {
    const { host, user } = await draw();
    await user.keyboard('{Control>}n{/Control}');
    await user.type(await screen.findByRole('searchbox', { name: 'Search people' }), 'mei');
    await user.click(await screen.findByRole('option', { name: /Mei Tan/ }));
    await user.click(screen.getByRole('button', { name: 'Start conversation' }));
    expect(await screen.findByRole('textbox', { name: 'Message Mei Tan' })).toBeVisible();
    expect(host.calls).toContain('startConversation u_mei');
  });

  it('a channel opens it', async () => {
    const { user } = await draw();
    await user.click(screen.getByRole('button', { name: 'Add a channel' }));
    await user.click(screen.getByRole('menuitem', { name: 'New channel' }));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), '#news');
    await user.click(screen.getByRole('button', { name: 'Create channel' }));
    expect(await screen.findByRole('textbox', { name: 'Message #news' })).toBeVisible();
  });

  it('a channel under a name that is taken says so', async () => {
    const { user } = await draw();
    await user.click(screen.getByRole('button', { name: 'Add a channel' }));
    await user.click(screen.getByRole('menuitem', { name: 'New channel' }));
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'general{Enter}');
    expect(await screen.findByText('Another channel has this name. Choose a different one.')).toBeVisible();
  });
});

describe('keys', () => {
  it('walk the list with arrows', async () => {
    const { user } = await draw();
    rowOf('general').focus();
    await user.keyboard('{ArrowDown}');
    expect(rowOf('Tom')).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('textbox', { name: 'Message Tom Okafor' })).toBeVisible();
  });

  it('go to the next conversation from anywhere', async () => {
    const { user } = await draw();
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}');
    expect(await screen.findByRole('textbox', { name: 'Message Tom Okafor' })).toBeVisible();
  });

  it('close the details and give the focus back', async () => {
    const { user } = await draw();
    const button = screen.getByRole('button', { name: /show details/ });
    await user.click(button);
    expect(await screen.findByRole('complementary', { name: 'Details' })).toBeVisible();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(button).toHaveFocus();
  });
});
