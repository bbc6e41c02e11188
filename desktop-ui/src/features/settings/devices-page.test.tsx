import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { refused, type FakeHost } from '#bridge/fake-host.ts';
import { signedInHost } from '#testing/builders.ts';
import { device } from '#testing/office.ts';
import { renderWith } from '#testing/render.tsx';

import { DevicesPage } from './devices-page.tsx';

function hostWithDevices(): FakeHost {
  const host = signedInHost();
  host.office.sessions = [
    device('s_home', 'home'),
    device('s_this', 'desk', { current: true }),
    device('s_old', 'attic', { last_seen_at: Date.now() - 9 * 86_400_000 }),
  ];
  return host;
}

async function draw(host = hostWithDevices()) {
  const drawn = await renderWith(host, <DevicesPage />);
  return { host, ...drawn };
}

const names = () => screen.getAllByRole('listitem').map((item) => /home|desk|attic/u.exec(item.textContent)?.[0]);

describe('the devices', () => {
  it('begin with this one, which cannot be signed out here', async () => {
    await draw();
    await screen.findByText('home');
    expect(names()).toEqual(['desk', 'home', 'attic']);
    const [own] = screen.getAllByRole('listitem');
    expect(own).toHaveTextContent('This device');
    expect(within(own!).queryByRole('button')).toBeNull();
  });

  it('are signed out one at a time, after a question', async () => {
    const { host, user } = await draw();
    await user.click(await screen.findByRole('button', { name: 'Sign out home' }));
    const question = await screen.findByRole('alertdialog');
    expect(question).toHaveTextContent('what it keeps is erased');
    await user.click(within(question).getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('home was signed out.')).toBeVisible();
    await waitFor(() => expect(names()).toEqual(['desk', 'attic']));
    expect(host.calls).toContain('endSession s_home');
  });

  it('stay when the question is answered no, and the focus comes back', async () => {
    const { host, user } = await draw();
    const button = await screen.findByRole('button', { name: 'Sign out home' });
    await user.click(button);
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Cancel' }));
    expect(host.calls.filter((call) => call.startsWith('endSession'))).toEqual([]);
    await waitFor(() => expect(button).toHaveFocus());
  });

  it('are signed out all at once but this one', async () => {
    const { host, user } = await draw();
    await user.click(await screen.findByRole('button', { name: 'Sign out all other devices' }));
    const question = await screen.findByRole('alertdialog');
    expect(question).toHaveTextContent('2 devices are signed out at once');
    await user.click(within(question).getByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('You are signed in on this device only.')).toBeVisible();
    expect(host.office.sessions.map((session) => session.name)).toEqual(['desk']);
  });

  it('that cannot be signed out say why', async () => {
    const { host, user } = await draw();
    host.failNext('endSession', refused('unavailable').failure);
    await user.click(await screen.findByRole('button', { name: 'Sign out home' }));
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Sign out' }));
    expect(await within(question).findByRole('alert')).toHaveTextContent('The server cannot do this just now.');
  });

  it('that cannot be seen say why, and are asked for again', async () => {
    const host = hostWithDevices();
    host.failNext('sessions', { reason: 'unreachable', address: '', detail: '' });
    const { user } = await draw(host);
    expect(await screen.findByText('This can be seen when you are back online.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('home')).toBeVisible();
  });
});
