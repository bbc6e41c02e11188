import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { FAKE_INVITATION } from '#bridge/fake-workspace.ts';
import { signedOutHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { SignInScreen } from './sign-in-screen.tsx';

const SIGNED_OUT = { phase: 'signed_out', server: null, email: null, reason: null } as const;
const LINK = `loquat://join?server=${encodeURIComponent('https://chat.example.org')}&code=${FAKE_INVITATION}`;

async function atInvitation() {
  const host = signedOutHost();
  const { user } = await renderWith(host, <SignInScreen session={SIGNED_OUT} />);
  await user.click(screen.getByRole('button', { name: 'I have an invitation' }));
  return { host, user, box: await screen.findByRole('textbox', { name: 'Invitation link' }) };
}

describe('an invitation', () => {
  it('is a link that is pasted; it shows the workspace before anybody joins', async () => {
    const { host, user, box } = await atInvitation();
    expect(box).toHaveFocus();
    await user.paste(` ${LINK} `);
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('heading', { name: 'Join Orchard & Co' })).toBeVisible();
    expect(screen.getByText(/at chat\.example\.org/)).toBeVisible();
    expect(host.calls.filter((call) => call !== 'serverChoice')).toEqual([`readInvitation ${LINK}`, 'checkServer https://chat.example.org']);
  });

  it('joins by one press', async () => {
    const { host, user } = await atInvitation();
    await user.paste(LINK);
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('button', { name: 'Join' })).toHaveFocus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(host.calls).toContain(`acceptInvitation ${LINK}`));
    expect((await host.session()).phase).toBe('signed_in');
  });

  it('that was used or has expired says so', async () => {
    const { user } = await atInvitation();
    await user.paste(LINK.replace(FAKE_INVITATION, 'USED'));
    await user.keyboard('{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Join' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'This invitation was used, withdrawn or has expired. Ask for a new one.',
    );
    await user.click(screen.getByRole('button', { name: 'Use another link' }));
    expect(screen.getByRole('textbox', { name: 'Invitation link' })).toBeVisible();
  });

  it.each(['https://chat.example.org', 'ORCHARD4TREES', 'loquat://open?server=x', 'loquat://join?server=x'])(
    'is not %s',
    async (pasted) => {
      const { user, box } = await atInvitation();
      await user.paste(pasted);
      await user.keyboard('{Enter}');
      expect(await screen.findByText(/That is not an invitation link\./)).toBeVisible();
      expect(box).toHaveValue(pasted);
    },
  );

  it('whose server is away says so', async () => {
    const { host, user } = await atInvitation();
    host.failNext('checkServer', { reason: 'unreachable', address: 'https://chat.example.org', detail: '' });
    await user.paste(LINK);
    await user.keyboard('{Enter}');
    expect(await screen.findByText("Can't reach chat.example.org. Check the address or your network.")).toBeVisible();
  });

  it('that was opened is there already', async () => {
    await renderWith(signedOutHost(), <SignInScreen session={SIGNED_OUT} invitation={LINK} />);
    expect(screen.getByRole('textbox', { name: 'Invitation link' })).toHaveValue(LINK);
  });

  it('is not needed by those who have an account', async () => {
    const { user } = await atInvitation();
    await user.click(screen.getByRole('button', { name: 'Sign in without an invitation' }));
    expect(screen.getByRole('textbox', { name: 'Server address' })).toBeVisible();
  });
});

describe('the signed-out page', () => {
  it.each([
    ['session_ended', 'Your session was ended. Sign in again to go on.'],
    ['session_revoked', 'This device was signed out from another device. What it held was erased.'],
    ['deactivated', 'Your account was deactivated.'],
    ['something_new', 'You were signed out. Sign in again to go on.'],
  ])('says why: %s', async (reason, sentence) => {
    await renderWith(signedOutHost(), <SignInScreen session={{ ...SIGNED_OUT, reason }} />);
    expect(screen.getByRole('status')).toHaveTextContent(sentence);
  });
});
