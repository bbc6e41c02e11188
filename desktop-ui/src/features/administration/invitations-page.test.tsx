import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import type { Invitation } from '#bridge/generated/Invitation.ts';
import { ADA, MEI } from '#testing/builders.ts';
import { administratorHost, DAY } from '#testing/office.ts';
import { renderWith } from '#testing/render.tsx';

import { InvitationsPage } from './invitations-page.tsx';

function invited(email: string, more: Partial<Invitation> = {}): Invitation {
  const now = Date.now();
  const times = { invited_at: now - DAY, expires_at: now + 6 * DAY, accepted_at: null };
  return { id: `i_${email}`, email, role: 'member', invited_by: ADA.id, ...times, ...more };
}

async function draw(host: FakeHost = administratorHost()) {
  const { user } = await renderWith(host, <InvitationsPage />);
  return { host, user };
}

const rowOf = (email: string) => screen.getAllByRole('listitem').find((row) => row.textContent.includes(email))!;

describe('invitations', () => {
  it('are none at first', async () => {
    await draw();
    expect(await screen.findByText('Nobody was invited yet.')).toBeVisible();
  });

  it('say what became of them', async () => {
    const host = administratorHost();
    host.office.invitations = [
      invited('open@x.org'),
      invited('late@x.org', { expires_at: Date.now() - DAY }),
      invited('here@x.org', { accepted_at: Date.now() - DAY }),
    ];
    await draw(host);
    await screen.findByText('open@x.org');
    expect(rowOf('open@x.org')).toHaveTextContent('Open');
    await waitFor(() => expect(rowOf('open@x.org')).toHaveTextContent(/Invited .* by Ada Winter/));
    expect(rowOf('late@x.org')).toHaveTextContent('Expired yesterday');
    expect(rowOf('here@x.org')).toHaveTextContent('Accepted yesterday');
    expect(within(rowOf('here@x.org')).queryByRole('button')).toBeNull();
  });

  it('are sent to an address, with a role, and the form is ready for the next', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('button', { name: /Role/ }));
    await user.click(await screen.findByRole('option', { name: 'Administrator' }));
    await user.type(screen.getByRole('textbox', { name: 'E-mail' }), 'pia@x.org{Enter}');
    expect(await screen.findByText('An invitation is on its way to pia@x.org.')).toBeVisible();
    expect(host.calls).toContain('invite pia@x.org administrator');
    await waitFor(() => expect(rowOf('pia@x.org')).toHaveTextContent('Administrator'));
    expect(screen.getByRole('textbox', { name: 'E-mail' })).toHaveValue('');
  });

  it.each([
    [MEI.email, 'This person is in the workspace already.'],
    ['pia', 'That is not an e-mail address. It looks like you@example.org.'],
  ])('to %s are refused in words, and the address stays', async (email, sentence) => {
    const { user } = await draw();
    await user.type(screen.getByRole('textbox', { name: 'E-mail' }), `${email}{Enter}`);
    expect(await screen.findByRole('alert')).toHaveTextContent(sentence);
    expect(screen.getByRole('textbox', { name: 'E-mail' })).toHaveValue(email);
  });

  it('are withdrawn', async () => {
    const host = administratorHost();
    host.office.invitations = [invited('open@x.org')];
    const { user } = await draw(host);
    await user.click(await screen.findByRole('button', { name: 'Withdraw the invitation to open@x.org' }));
    expect(await screen.findByText('The invitation to open@x.org was withdrawn. Its link no longer works.')).toBeVisible();
    expect(await screen.findByText('Nobody was invited yet.')).toBeVisible();
  });

  it('are sent again, with the same role', async () => {
    const host = administratorHost();
    host.office.invitations = [invited('late@x.org', { role: 'administrator', expires_at: Date.now() - DAY })];
    const { user } = await draw(host);
    await user.click(await screen.findByRole('button', { name: 'Send again to late@x.org' }));
    await waitFor(() => expect(rowOf('late@x.org')).toHaveTextContent('Open'));
    expect(host.calls).toContain('invite late@x.org administrator');
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
  });
});
