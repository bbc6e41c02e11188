import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import { ADA, MEI, MORNING, signedInHost, TOM } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { App } from './app.tsx';

const composer = (name: string) => screen.findByRole('textbox', { name: `Message ${name}` });
const called = (host: FakeHost, call: string) => host.calls.filter((made) => made.startsWith(call));
const field = () => screen.findByRole('combobox', { name: 'Search messages' });
const results = () => within(screen.getByRole('list', { name: 'Messages that were found' })).getAllByRole('button');
const rowOf = (name: string) => screen.getAllByTestId('conversation-row').find((row) => row.textContent.includes(name))!;

/** #general is open; Mei and Tom wrote elsewhere. */
function host(): FakeHost {
  const made = signedInHost(['Good morning', 'The boxes are here']);
  made.world.add({ id: 'd_mei', kind: 'direct', members: [ADA.id, MEI.id] }, [
    { by: MEI.id, at: MORNING - 90_000, body: 'Which boxes, <@u_ada>?' },
    { by: ADA.id, at: MORNING - 80_000, body: 'All boxes' },
  ]);
  made.world.add({ id: 'c_press', kind: 'channel', name: 'press', members: [TOM.id] }, [{ by: TOM.id, at: MORNING - 60_000, body: 'Soon' }]);
  return made;
}

async function draw(made = host()) {
  const drawn = await renderWith(made, <App />);
  await composer('#general');
  await screen.findByText('Good morning');
  return { host: made, ...drawn };
}

describe('search', () => {
  it('finds messages of all conversations, marks the words, and leads to their place and back', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}f{/Control}');
    expect(await field()).toHaveFocus();
    await user.keyboard('boxes');
    await waitFor(() => expect(results()).toHaveLength(3));
    expect(results()[0]?.querySelector('mark')).toHaveTextContent('boxes');
    expect(screen.getByText('3 messages')).toBeVisible();
    expect(results()[2]).toHaveTextContent('Which boxes, @Ada Winter?');

    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(results()[1]).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(await composer('Mei Tan')).toBeVisible();

    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await field()).toHaveValue('boxes');
    expect(results()).toHaveLength(3);
  });

  it('completes filters by name, and keeps to them', async () => {
    const { host: made, user } = await draw();
    await user.keyboard('{Control>}f{/Control}');
    await field();
    await user.keyboard('boxes fr');
    expect(await screen.findByRole('option', { name: /from:/ })).toBeVisible();
    await user.keyboard('{Enter}mt{Enter}');
    expect(await field()).toHaveValue('boxes from:"Mei Tan" ');
    await waitFor(() => expect(results()).toHaveLength(2));
    expect(called(made, 'search').at(-1)).toBe('search boxes from:"Mei Tan"');
  });

  it('can be kept to the conversation one came from', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}f{/Control}');
    await field();
    await user.keyboard('boxes');
    await waitFor(() => expect(results()).toHaveLength(3));
    await user.click(screen.getByRole('button', { name: /Everywhere/ }));
    await user.click(screen.getByRole('option', { name: '#general' }));
    await waitFor(() => expect(results()).toHaveLength(1));
  });

  it('says what it did not find, and what it did not understand', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}f{/Control}');
    await field();
    await user.keyboard('xyzzy');
    expect(await screen.findByText('No message on this computer has “xyzzy”.')).toBeVisible();
    await user.keyboard(' from:nobody');
    expect(await screen.findByText('Nobody is called “nobody”.')).toBeVisible();
  });

  it('says that not everything can be found yet', async () => {
    const made = host();
    made.searchComplete = false;
    const { user } = await draw(made);
    await user.keyboard('{Control>}f{/Control}');
    await field();
    await user.keyboard('boxes');
    expect(await screen.findByText(/Not all messages can be found yet/)).toBeVisible();
  });

  it('is left by Escape', async () => {
    const { user } = await draw();
    await user.keyboard('{Control>}f{/Control}');
    await field();
    await user.keyboard('{Escape}');
    expect(await composer('#general')).toHaveFocus();
  });
});

describe('mentions', () => {
  it('are counted in the list, and shown with what was said', async () => {
    const { host: made, user } = await draw();
    made.receive('c_press', TOM.id, 'Ready, <@u_ada>?');
    await waitFor(() => expect(rowOf('press')).toHaveAccessibleName(/1 unread mention/));
    await user.click(screen.getByRole('button', { name: /^Mentions.*1 unread mention/ }));
    const list = await screen.findByRole('list', { name: 'Messages that mention you' });
    const found = within(list).getAllByRole('button');
    expect(found.map((one) => one.dataset['unread'])).toEqual(['true', 'false']);
    expect(found[0]).toHaveTextContent('Ready, @Ada Winter?');
    await user.click(found[0]!);
    expect(await composer('#press')).toBeVisible();
  });

  it('say that there are none, or that they cannot be had now', async () => {
    const made = signedInHost();
    made.failNext('mentions', { reason: 'unreachable', address: 'https://x.example', detail: '' });
    const { user } = await draw(made);
    await user.click(screen.getByRole('button', { name: /^Mentions/ }));
    expect(await screen.findByText(/when you are back online/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Nobody has mentioned you yet.')).toBeVisible();
  });
});

describe('what one is told of a conversation', () => {
  it('is chosen in its menu, and a muted one does not wait for anybody', async () => {
    const { host: made, user } = await draw();
    made.receive('c_press', TOM.id, 'Noise');
    await waitFor(() => expect(within(screen.getByRole('region', { name: 'Unread' })).getByText('press')).toBeVisible());
    rowOf('press').focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    expect(await screen.findByRole('menuitemradio', { name: 'As usual' })).toBeChecked();
    await user.click(screen.getByRole('menuitemradio', { name: 'Nothing' }));
    await waitFor(() => expect(rowOf('press')).toHaveAccessibleName(/Muted/));
    expect(screen.queryByRole('region', { name: 'Unread' })).toBeNull();
    expect(called(made, 'setLevel')).toEqual(['setLevel c_press nothing']);
  });

  it('is chosen in its details', async () => {
    const { host: made, user } = await draw();
    await user.click(screen.getByRole('button', { name: /show details/ }));
    await user.click(await screen.findByRole('button', { name: /As usual/ }));
    await user.click(screen.getByRole('option', { name: 'Mentions only' }));
    await waitFor(() => expect(called(made, 'setLevel')).toEqual(['setLevel c_general mentions']));
    expect(await screen.findByRole('button', { name: /Mentions only/ })).toBeVisible();
  });
});
