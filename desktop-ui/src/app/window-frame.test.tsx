import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import { ADA, MEI, MORNING, signedInHost, TOM } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { App } from './app.tsx';

const rowOf = (name: string) => screen.getAllByTestId('conversation-row').find((row) => row.textContent.includes(name))!;
const composer = (name: string) => screen.findByRole('textbox', { name: `Message ${name}` });
const called = (host: FakeHost, call: string) => host.calls.filter((made) => made.startsWith(call));

/** #general is open; beside it are Tom, with one unread message, and #old, which is archived. */
function busyHost(): FakeHost {
  const host = signedInHost();
  host.world.add({ id: 'd_mei', kind: 'direct', members: [ADA.id, MEI.id] }, [{ by: MEI.id, at: MORNING - 90_000, body: 'Hi' }], 1);
  host.world.add({ id: 'c_old', kind: 'channel', name: 'old', archived: true }, [{ by: MEI.id, at: MORNING, body: 'Bye' }]);
  return host;
}

async function draw(host: FakeHost = busyHost()) {
  const drawn = await renderWith(host, <App />);
  await composer('#general');
  await screen.findByText('Good morning');
  return { host, ...drawn };
}

let hasFocus = true;
beforeEach(() => {
  hasFocus = true;
  vi.spyOn(document, 'hasFocus').mockImplementation(() => hasFocus);
});
afterEach(() => document.documentElement.removeAttribute('style'));

describe('keys of the window', () => {
  it('go to the next unread conversation and to no other', async () => {
    const { user } = await draw();
    await user.keyboard('{Alt>}{Shift>}{ArrowUp}{/Shift}{/Alt}');
    expect(await composer('Mei Tan')).toHaveFocus();
    await user.keyboard('{Alt>}{Shift>}{ArrowDown}{/Shift}{/Alt}');
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Mei Tan');
  });

  it('go to the n-th conversation of the list as it is drawn', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}[Digit1]{/Control}');
    expect(await composer('Mei Tan')).toBeVisible();
    await user.keyboard('{Control>}[Digit3]{/Control}');
    expect(await composer('Tom Okafor')).toBeVisible();
    await user.keyboard('{Control>}[Digit9]{/Control}');
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Tom Okafor');
  });

  it('move around the parts of the window', async () => {
    const { user } = await draw();
    const area = await composer('#general');
    await waitFor(() => expect(area).toHaveFocus());
    await user.keyboard('{F6}');
    expect(rowOf('general')).toHaveFocus();
    await user.keyboard('{F6}');
    expect(screen.getByRole('main').querySelector('[data-region="messages"]')).toContainElement(document.activeElement as HTMLElement);
    await user.keyboard('{F6}');
    expect(area).toHaveFocus();
    await user.click(screen.getByRole('button', { name: 'Pinned messages' }));
    area.focus();
    await user.keyboard('{F6}');
    expect(screen.getByRole('button', { name: 'Close pinned messages' })).toHaveFocus();
    await user.keyboard('{Shift>}{F6}{/Shift}');
    expect(area).toHaveFocus();
  });

  it('show themselves, and give the focus back', async () => {
    const { user } = await draw();
    const area = await composer('#general');
    await user.keyboard('{Control>}/{/Control}');
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toHaveTextContent('Next unread conversation');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(area).toHaveFocus());
  });

  it('open the settings, and Escape comes back to where one was', async () => {
    const { user } = await draw();
    const area = await composer('#general');
    await user.keyboard('{Control>},{/Control}');
    expect(await screen.findByRole('heading', { level: 1, name: 'Profile' }, { timeout: 5000 })).toBeVisible();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(area).toHaveFocus());
  });

  it('make the text larger', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}+{/Control}');
    expect(document.documentElement.style.fontSize).toBe('112%');
    await user.keyboard('{Control>}0{/Control}');
    expect(document.documentElement.style.fontSize).toBe('');
  });
});

describe('Escape', () => {
  it('closes what is open, and only then marks as read', async () => {
    hasFocus = false;
    const { host, user } = await draw();
    host.receive('c_general', MEI.id, 'News');
    await waitFor(() => expect(rowOf('general')).toHaveAccessibleName(/1 unread/));
    await user.click(screen.getByRole('button', { name: /show details/ }));

    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(called(host, 'markRead')).toEqual([]);

    await user.keyboard('{Escape}');
    expect(called(host, 'markRead')).toEqual(['markRead c_general 2']);
  });
});

describe('the menu of a conversation', () => {
  it('marks it as unread by its last message, and as read', async () => {
    const { host, user } = await draw();
    host.receive('d_tom', TOM.id, 'Ping');
    await waitFor(() => expect(rowOf('Tom')).toHaveAccessibleName(/1 unread/));
    rowOf('Tom').focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    await waitFor(() => expect(screen.getByRole('menuitem', { name: 'Mark as read' })).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(rowOf('Tom')).not.toHaveAccessibleName(/unread/));

    await user.pointer({ target: rowOf('Tom'), keys: '[MouseRight]' });
    await user.click(await screen.findByRole('menuitem', { name: 'Mark as unread' }));
    await waitFor(() => expect(rowOf('Tom')).toHaveAccessibleName(/1 unread/));
    expect(called(host, 'markUnread')).toEqual(['markUnread d_tom 1']);
  });
});

describe('archived channels', () => {
  it('are folded away until somebody wants them', async () => {
    const { user } = await draw();
    expect(rowOf('old')).toBeUndefined();
    const fold = screen.getByRole('button', { name: /^Archived/ });
    expect(fold).toHaveAttribute('aria-expanded', 'false');
    await user.click(fold);
    await user.click(rowOf('old'));
    expect(await screen.findByText('Bye')).toBeVisible();
    expect(screen.getByRole('heading', { level: 1 }).parentElement).toHaveTextContent('Archived');
    expect(screen.queryByRole('textbox', { name: 'Message #old' })).toBeNull();
  });

  it('come of a question that says what it means, and go back without one', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('button', { name: /show details/ }));
    await user.click(screen.getByRole('button', { name: 'Archive channel' }));
    const question = await screen.findByRole('alertdialog');
    expect(question).toHaveTextContent('nothing new can be written');
    await user.click(within(question).getByRole('button', { name: 'Archive' }));
    await user.click(await screen.findByRole('button', { name: 'Bring back from the archive' }));
    await waitFor(() => expect(called(host, 'setArchived')).toEqual(['setArchived c_general true', 'setArchived c_general false']));
  });
});

describe('rights', () => {
  it('of others than owners and administrators do not reach to the archive', async () => {
    const host = busyHost();
    host.world.conversations[0]!.row.created_by = MEI.id;
    const { user } = await draw(host);
    await user.click(screen.getByRole('button', { name: /show details/ }));
    expect(screen.getByRole('button', { name: 'Leave channel' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Archive channel' })).toBeNull();
  });

  it('to make channels follow the workspace, as soon as it changes', async () => {
    const { host, user } = await draw();
    expect(screen.getByRole('button', { name: 'Add a channel' })).toBeVisible();
    host.tell({ change: 'workspace', settings: { ...host.office.settings, channel_creation: 'administrators' } });
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Add a channel' })).toBeNull());
    await user.click(screen.getByRole('button', { name: /workspace menu/ }));
    expect(screen.getByRole('menuitem', { name: 'Browse channels' })).toBeVisible();
    expect(screen.queryByRole('menuitem', { name: 'New channel' })).toBeNull();
  });
});

describe('the bar above a conversation', () => {
  it('sets the topic', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('button', { name: 'Add a topic' }));
    await user.type(await screen.findByRole('textbox', { name: 'Topic' }), 'News of the day{Enter}');
    expect(await screen.findByRole('button', { name: 'Topic: News of the day. Edit' })).toBeVisible();
    expect(called(host, 'setTopic')).toEqual(['setTopic c_general News of the day']);
  });

  it('says whether the other one is there', async () => {
    const { host, user } = await draw();
    await user.click(rowOf('Tom'));
    await composer('Tom Okafor');
    const bar = screen.getByRole('heading', { level: 1 }).parentElement;
    host.changePresence(TOM.id, 'online');
    await waitFor(() => expect(bar).toHaveTextContent('Online'));
    host.changePresence(TOM.id, 'offline', Date.now() - 24 * 3_600_000);
    await waitFor(() => expect(bar).toHaveTextContent(/Last seen yesterday/));
  });
});

describe('pinned messages', () => {
  it('are shown, jumped to and unpinned', async () => {
    const host = busyHost();
    const item = host.world.conversations[0]!.items[0]!;
    host.changeMessage('c_general', { ...(item as Extract<typeof item, { item: 'message' }>), pinned: true });
    const { user } = await draw(host);
    await user.click(screen.getByRole('button', { name: 'Pinned messages' }));
    const pane = await screen.findByRole('complementary', { name: 'Pinned messages' });
    expect(await within(pane).findByTestId('pin')).toHaveTextContent('Good morning');
    await user.click(within(pane).getByRole('button', { name: 'Jump to message from Mei Tan' }));
    await user.click(within(pane).getByRole('button', { name: 'Unpin the message from Mei Tan' }));
    expect(await within(pane).findByText('Nothing is pinned yet.')).toBeVisible();
    expect(called(host, 'actOnMessage')).toEqual(['actOnMessage c_general 1 {"act":"pin","on":false}']);
  });
});

describe('a link to a message', () => {
  it('opens its conversation', async () => {
    const { host, user } = await draw();
    host.receive('c_general', MEI.id, await host.messageLink('d_mei', 1));
    await user.click(await screen.findByRole('link', { name: 'A message in Mei Tan' }));
    expect(await composer('Mei Tan')).toBeVisible();
  });

  it('into a conversation one is not in says so', async () => {
    const { host, user } = await draw();
    host.receive('c_general', MEI.id, await host.messageLink('c_secret', 9));
    await user.click(await screen.findByRole('link', { name: 'A message' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('You cannot open that message');
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('general');
  });
});
