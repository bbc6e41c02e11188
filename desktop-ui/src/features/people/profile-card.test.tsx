import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import { refused } from '#bridge/fake-host.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { ADA, MEI, signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { ProfileCard } from './profile-card.tsx';

async function draw(person: PersonView, host = signedInHost()) {
  const ways = { onWrite: vi.fn(), onEditProfile: vi.fn() };
  const drawn = await renderWith(host, <ProfileCard person={person} {...ways} />);
  return { host, ...ways, ...drawn };
}

describe('a profile card', () => {
  it('says who somebody is', async () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    await draw({ ...MEI, title: 'Product design', role: 'administrator', time_zone: zone });
    expect(screen.getByRole('heading')).toHaveTextContent('Mei Tan');
    for (const fact of ['Product design', 'Administrator', 'u_mei@example.org', zone.replaceAll('_', ' ')]) {
      expect(screen.getByText(fact)).toBeVisible();
    }
  });

  it('says whether they are there, and follows', async () => {
    const host = signedInHost();
    host.office.presence.set(MEI.id, { person: MEI.id, presence: 'online', last_seen: null });
    await draw(MEI, host);
    expect(await screen.findByText('Online')).toBeVisible();
    host.changePresence(MEI.id, 'offline', Date.now() - 86_400_000);
    await waitFor(() => expect(screen.getByTestId('presence')).toHaveTextContent(/^Offline, last seen yesterday at /));
    host.changePresence(MEI.id, 'offline', null);
    await waitFor(() => expect(screen.getByTestId('presence')).toHaveTextContent(/^Offline$/));
  });

  it('asks to be told about them while it is open', async () => {
    const { host, unmount } = await draw(MEI);
    await waitFor(() => expect(host.calls).toContain('watch  | u_mei'));
    unmount();
    await waitFor(() => expect(host.calls.at(-1)).toBe('watch  | '));
  });

  it('leads to writing to them, by the keyboard', async () => {
    const { user, onWrite } = await draw(MEI);
    await user.tab();
    expect(screen.getByRole('button', { name: 'Message' })).toHaveFocus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(onWrite).toHaveBeenCalledWith('d_u_ada_u_mei'));
  });

  it('says when that cannot be', async () => {
    const { host, user } = await draw(MEI);
    host.failNext('startConversation', refused('unknown_person').failure);
    await user.click(screen.getByRole('button', { name: 'Message' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This person is no longer in the workspace.');
  });

  it('of somebody who was deactivated offers no writing', async () => {
    await draw({ ...MEI, active: false });
    expect(screen.getByText('Deactivated. They can no longer sign in.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Message' })).toBeNull();
  });

  it('of one self leads to the settings', async () => {
    const { user, onEditProfile } = await draw(ADA);
    await user.click(screen.getByRole('button', { name: 'Edit profile' }));
    expect(onEditProfile).toHaveBeenCalledOnce();
  });

  it('opens the mail program', async () => {
    const { host, user } = await draw(MEI);
    await user.click(screen.getByRole('button', { name: MEI.email }));
    expect(host.calls).toContain(`openLink mailto:${MEI.email}`);
  });
});
