import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import { signedInHost } from '#testing/builders.ts';
import { administratorHost } from '#testing/office.ts';
import { renderWith } from '#testing/render.tsx';

import { App } from './app.tsx';

async function open(host: FakeHost = administratorHost()) {
  const { user } = await renderWith(host, <App />);
  const composer = await screen.findByRole('textbox', { name: 'Message #general' });
  composer.focus();
  await user.keyboard('{Control>},{/Control}');
  const settings = await screen.findByRole('dialog', { name: 'Settings' });
  const places = within(screen.getByRole('navigation', { name: 'Settings' }));
  return { host, user, composer, settings, places };
}

const names = (places: { getAllByRole: typeof screen.getAllByRole }) =>
  places.getAllByRole('button').map((button) => button.textContent);

describe('the settings', () => {
  it('open at the profile with one title, and close by Esc with the focus back', async () => {
    const { user, composer, settings, places } = await open();
    expect(screen.getAllByRole('heading', { level: 1 })).toHaveLength(1);
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Profile');
    expect(places.getByRole('button', { name: 'Profile' })).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(settings).not.toBeInTheDocument();
    await waitFor(() => expect(composer).toHaveFocus());
  });

  it('are walked with arrows', async () => {
    const { user, places } = await open();
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');
    expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('Appearance');
    expect(places.getByRole('button', { name: 'Appearance' })).toHaveAttribute('aria-current', 'page');
    await user.keyboard('{End}{Enter}');
    expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('Audit log');
    await user.keyboard('{Home}{Enter}');
    expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent('Profile');
  });

  it('of a member say nothing of the workspace', async () => {
    const { places } = await open(signedInHost());
    expect(names(places)).toEqual(['Profile', 'Notifications', 'Devices', 'Appearance', 'Updates', 'Connection', 'Support', 'Organisation', 'About', 'Sign out']);
  });

  it('of an administrator do, until they are none any more', async () => {
    const { host, user, settings, places } = await open();
    expect(names(places)).toEqual([
      'Profile',
      'Notifications',
      'Devices',
      'Appearance',
      'Updates',
      'Connection',
      'Support',
      'Organisation',
      'About',
      'People',
      'Invitations',
      'Workspace',
      'Audit log',
      'Sign out',
    ]);
    await user.click(places.getByRole('button', { name: 'People' }));
    await within(settings).findByText('Mei Tan');
    host.tell({ change: 'people', people: [{ ...host.world.me, role: 'member' }] });
    await waitFor(() => expect(places.queryByRole('button', { name: 'People' })).toBeNull());
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Profile');
  });

  it('lead from people to inviting somebody', async () => {
    const { user, places } = await open();
    await user.click(places.getByRole('button', { name: 'People' }));
    await user.click(await screen.findByRole('button', { name: 'Invite someone' }));
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Invitations');
  });

  it('keep what Esc closes first: the question, then the settings', async () => {
    const { user, settings, places } = await open();
    const signOut = places.getByRole('button', { name: 'Sign out' });
    await user.click(signOut);
    const question = await screen.findByRole('alertdialog');
    await user.keyboard('{Escape}');
    expect(question).not.toBeInTheDocument();
    expect(settings).toBeInTheDocument();
    await waitFor(() => expect(signOut).toHaveFocus());
    await user.keyboard('{Escape}');
    expect(settings).not.toBeInTheDocument();
  });

  it('change what Enter does in the composer', async () => {
    const { host, user, composer, places } = await open();
    await user.click(places.getByRole('button', { name: 'Appearance' }));
    await user.click(await screen.findByRole('switch', { name: 'Enter sends the message' }));
    await user.keyboard('{Escape}');
    await waitFor(() => expect(composer).toHaveFocus());
    await user.keyboard('one{Enter}two');
    expect(composer).toHaveValue('one\ntwo');
    await user.keyboard('{Control>}{Enter}{/Control}');
    await waitFor(() => expect(host.world.conversations[0]?.pending.map((sent) => sent.body)).toEqual(['one\ntwo']));
  });
});
