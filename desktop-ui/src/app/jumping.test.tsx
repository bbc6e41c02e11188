import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import { refused } from '#bridge/fake-host.ts';
import { ADA, MEI, MORNING, person, signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { App } from './app.tsx';

const composer = (name: string) => screen.findByRole('textbox', { name: `Message ${name}` });
const called = (host: FakeHost, call: string) => host.calls.filter((made) => made.startsWith(call));
const options = () => screen.getAllByRole('option').map((option) => option.textContent);

/** #general is open; Ravi is somebody Ada has not written with, #press a channel she is not in. */
function host(): FakeHost {
  const made = signedInHost();
  made.world.add({ id: 'd_mei', kind: 'direct', members: [ADA.id, MEI.id] }, [{ by: MEI.id, at: MORNING - 90_000, body: 'Hi' }], 1);
  made.world.people.push(person('u_ravi', 'Ravi Menon'));
  made.world.otherChannels.push({ id: 'c_press', name: 'press', visibility: 'public', member_count: 3, membership: 'none' });
  return made;
}

async function draw(made = host()) {
  const drawn = await renderWith(made, <App />);
  await composer('#general');
  await screen.findByText('Good morning');
  return { host: made, ...drawn };
}

async function open() {
  const drawn = await draw();
  await drawn.user.keyboard('{Control>}k{/Control}');
  return { ...drawn, field: await screen.findByRole('combobox') };
}

describe('the switcher', () => {
  it('offers what is unread first, and not where one is', async () => {
    const { field } = await open();
    await waitFor(() => expect(field).toHaveFocus());
    expect(options()[0]).toContain('Mei Tan');
    expect(options().join()).not.toContain('general');
  });

  it('opens a conversation by a few letters, with the keyboard alone', async () => {
    const { user } = await open();
    await user.keyboard('tom{Enter}');
    expect(await composer('Tom Okafor')).toHaveFocus();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('walks with arrows, around the ends', async () => {
    const { user, field } = await open();
    const active = () => document.getElementById(field.getAttribute('aria-activedescendant') ?? '')?.textContent;
    await user.keyboard('{ArrowDown}');
    expect(active()).toBe(options()[1]);
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(active()).toBe(options().at(-1));
  });

  it('starts a conversation with somebody new', async () => {
    const { host: made, user } = await open();
    await user.keyboard('rm');
    await waitFor(() => expect(options()).toHaveLength(1));
    await user.keyboard('{Enter}');
    expect(await composer('Ravi Menon')).toBeVisible();
    expect(called(made, 'startConversation')).toEqual(['startConversation u_ravi']);
  });

  it('joins a channel that the server knows', async () => {
    const { host: made, user } = await open();
    await user.keyboard('pres');
    expect(await screen.findByRole('option', { name: /press/ })).toHaveTextContent('Join');
    await user.keyboard('{Enter}');
    expect(await composer('#press')).toBeVisible();
    expect(called(made, 'joinChannel')).toEqual(['joinChannel c_press']);
  });

  it('says why a conversation cannot begin, and stays', async () => {
    const { host: made, user } = await open();
    made.failNext('startConversation', refused('unavailable').failure);
    await user.keyboard('ravi{Enter}');
    expect(await screen.findByText(/cannot do this just now/)).toBeVisible();
    expect(screen.getByRole('combobox')).toHaveFocus();
  });

  it('says that it found nothing', async () => {
    const { user } = await open();
    await user.keyboard('xyzzy');
    expect(await screen.findByText('Nobody and no channel is called “xyzzy”.')).toBeVisible();
    expect(screen.getByRole('status', { name: '' })).toHaveTextContent('Nothing found');
    await user.keyboard('{Enter}');
    expect(screen.getByRole('combobox')).toBeVisible();
  });

  it('is closed by its own key, and by Escape', async () => {
    const { user } = await open();
    await user.keyboard('{Control>}k{/Control}');
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
    await user.keyboard('{Control>}k{/Control}');
    await screen.findByRole('combobox');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
    const field = await composer('#general');
    await waitFor(() => expect(field).toHaveFocus());
  });

  it('is also where the sidebar says so', async () => {
    const { user } = await draw();
    await user.click(screen.getByRole('button', { name: /^Jump to/ }));
    expect(await screen.findByRole('combobox')).toHaveFocus();
  });
});

describe('going back and forward', () => {
  it('leads through the conversations that were open', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}[Digit1]{/Control}');
    await composer('Mei Tan');
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await composer('#general')).toBeVisible();
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    expect(await composer('Mei Tan')).toBeVisible();
  });

  it('works with the buttons beside the wheel', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}[Digit1]{/Control}');
    await composer('Mei Tan');
    const button = (at: number) => document.body.dispatchEvent(new MouseEvent('mouseup', { button: at, bubbles: true }));
    button(3);
    await composer('#general');
    button(4);
    expect(await composer('Mei Tan')).toBeVisible();
  });

  it('passes over a conversation that is gone', async () => {
    const { host: made, user } = await draw();
    await user.keyboard('{Control>}[Digit1]{/Control}');
    await composer('Mei Tan');
    await user.keyboard('{Alt>}{ArrowDown}{ArrowDown}{/Alt}');
    await composer('Tom Okafor');
    made.tell({ change: 'conversation_removed', conversation: 'd_mei' });
    await waitFor(() => expect(screen.queryAllByText('Mei Tan')).toEqual([]));
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await composer('#general')).toBeVisible();
  });
});

describe('the next unread conversation', () => {
  it('is a press away in the list', async () => {
    const { user } = await draw();
    const unread = screen.getByRole('region', { name: 'Unread' });
    await user.click(within(unread).getByRole('button', { name: 'Next unread conversation' }));
    expect(await composer('Mei Tan')).toBeVisible();
  });
});

describe('the sheet of keys', () => {
  it('finds a key by what it does, and what it does by the key', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}/{/Control}');
    const sheet = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    const rows = () => within(sheet).queryAllByRole('term').map((term) => term.textContent);
    await user.keyboard('unread');
    expect(rows()).toEqual(['Previous unread conversation', 'Next unread conversation', 'Mark as unread from here']);
    await user.clear(within(sheet).getByRole('searchbox'));
    await user.keyboard('ctrl k');
    expect(rows()).toEqual(['Jump to a conversation or a person']);
    await user.keyboard('nonsense');
    expect(within(sheet).getByRole('status')).toHaveTextContent('No shortcut matches “ctrl knonsense”.');
  });
});

