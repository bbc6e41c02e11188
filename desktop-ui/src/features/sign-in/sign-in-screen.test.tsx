import { screen, waitFor } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import { refused } from '#bridge/fake-host.ts';
import type { FakeHost } from '#bridge/fake-host.ts';
import { signedOutHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { SignInScreen } from './sign-in-screen.tsx';

const SIGNED_OUT = { phase: 'signed_out', server: null, email: null, reason: null } as const;

async function atCodeStep(host: FakeHost = signedOutHost()): Promise<{ user: UserEvent; host: FakeHost }> {
  const { user } = await renderWith(host, <SignInScreen session={SIGNED_OUT} />);
  await user.type(screen.getByLabelText('Server address'), 'chat.example.org');
  await user.click(screen.getByRole('button', { name: 'Continue' }));
  await user.type(await screen.findByLabelText('E-mail'), 'ada@example.org');
  await user.click(screen.getByRole('button', { name: 'Send code' }));
  await screen.findByRole('group', { name: 'Sign-in code' });
  return { user, host };
}

const boxes = () => screen.getAllByRole<HTMLInputElement>('textbox', { name: /^Digit/ });
const sentCodes = (host: FakeHost) => host.calls.filter((call) => call.startsWith('signIn'));

describe('the code', () => {
  it('has the focus in its first box', async () => {
    await atCodeStep();
    expect(boxes()[0]).toHaveFocus();
  });

  it('is sent by its sixth digit, once', async () => {
    const { user, host } = await atCodeStep();
    await user.keyboard('12345');
    expect(sentCodes(host)).toEqual([]);
    await user.keyboard('6');
    await waitFor(() => expect(sentCodes(host)).toEqual(['signIn 123456']));
  });

  it('can be pasted into any box', async () => {
    const { user, host } = await atCodeStep();
    await user.click(boxes()[3]!);
    await user.paste('Your code: 123 456');
    await waitFor(() => expect(sentCodes(host)).toEqual(['signIn 123456']));
  });

  it('takes back digits with Backspace', async () => {
    const { user, host } = await atCodeStep();
    await user.keyboard('129{Backspace}3456');
    await waitFor(() => expect(sentCodes(host)).toEqual(['signIn 123456']));
  });

  it('that is wrong says how many tries are left, and empties the boxes', async () => {
    const { user } = await atCodeStep();
    await user.keyboard('000000');
    expect(await screen.findByRole('alert')).toHaveTextContent('That code is not right. 4 tries left.');
    expect(boxes().map((box) => box.value)).toEqual(['', '', '', '', '', '']);
    expect(boxes()[0]).toHaveFocus();
  });

  it('that is wrong can be followed by the right one', async () => {
    const { user, host } = await atCodeStep();
    await user.keyboard('000000');
    await screen.findByRole('alert');
    await user.keyboard('123456');
    await waitFor(() => expect(sentCodes(host)).toEqual(['signIn 000000', 'signIn 123456']));
  });

  it.each([
    ['code_expired', 'This code has expired. Send a new one.'],
    ['code_used_up', 'This code was tried too often. Send a new one.'],
    ['unavailable', 'The server cannot do this just now. Try again in a moment.'],
  ] as const)('refused as %s says so', async (code, sentence) => {
    const { user, host } = await atCodeStep();
    host.failNext('signIn', refused(code).failure);
    await user.keyboard('123456');
    expect(await screen.findByRole('alert')).toHaveTextContent(sentence);
  });

  it('can be sent again only after the wait', async () => {
    const host = signedOutHost();
    const wait = { ...(await host.requestCode('', 'ada@example.org')), resend_at: Date.now() + 30_000 };
    host.requestCode = () => Promise.resolve(wait);
    const { user } = await atCodeStep(host);
    const resend = screen.getByRole('button', { name: /Send a new code in \d+ s/ });
    expect(resend).toBeDisabled();
    wait.resend_at = 0;
    await user.click(screen.getByRole('button', { name: 'Use another e-mail address' }));
    await user.click(screen.getByRole('button', { name: 'Send code' }));
    await user.click(await screen.findByRole('button', { name: 'Send a new code' }));
    expect(await screen.findByText(/A new code was sent/)).toBeVisible();
  });
});

describe('the steps before', () => {
  it('say that a server is away, and keep the address', async () => {
    const host = signedOutHost();
    host.failNext('checkServer', { reason: 'unreachable', address: 'https://chat.example.org', detail: '' });
    const { user } = await renderWith(host, <SignInScreen session={SIGNED_OUT} />);
    await user.type(screen.getByLabelText('Server address'), 'chat.example.org{Enter}');
    expect(await screen.findByText("Can't reach chat.example.org. Check the address or your network.")).toBeVisible();
    expect(screen.getByLabelText('Server address')).toHaveValue('chat.example.org');
  });

  it('say when codes are limited', async () => {
    const host = signedOutHost();
    const { user } = await renderWith(host, <SignInScreen session={{ ...SIGNED_OUT, server: 'https://chat.example.org' }} />);
    host.failNext('requestCode', refused('rate_limited', { retryAfter: 240 }).failure);
    await user.type(await screen.findByLabelText('E-mail'), 'ada@example.org{Enter}');
    expect(await screen.findByText('Too many codes were asked for. Try again in 4 minutes.')).toBeVisible();
  });

  it('are skipped for a server that is known', async () => {
    await renderWith(
      signedOutHost(),
      <SignInScreen session={{ ...SIGNED_OUT, server: 'https://chat.example.org', email: 'ada@example.org' }} />,
    );
    expect(await screen.findByLabelText('E-mail')).toHaveValue('ada@example.org');
  });

  it('say why a session ended', async () => {
    await renderWith(signedOutHost(), <SignInScreen session={{ ...SIGNED_OUT, reason: 'session_ended' }} />);
    expect(screen.getByRole('status')).toHaveTextContent('Your session was ended. Sign in again to go on.');
  });
});

describe('the servers that the organisation offers', () => {
  const ONE = 'https://chat.example.org';
  const TWO = 'https://labs.example.org';

  async function draw(offered: string[], others: boolean) {
    const host = signedOutHost();
    host.offered = { offered, others };
    return { host, ...(await renderWith(host, <SignInScreen session={SIGNED_OUT} />)) };
  }

  it('are chosen from, and no other can be named', async () => {
    const { host, user } = await draw([ONE, TWO], false);
    expect(await screen.findByRole('radio', { name: /^chat\.example\.org/u })).toBeChecked();
    expect(screen.queryByLabelText('Server address')).toBeNull();
    await user.click(screen.getByRole('radio', { name: /^labs\.example\.org/u }));
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await screen.findByLabelText('E-mail');
    expect(host.calls).toContain(`checkServer ${TWO}`);
  });

  it('leave room for another one where that is allowed', async () => {
    const { host, user } = await draw([ONE, TWO], true);
    await user.click(await screen.findByRole('radio', { name: /^Another server/u }));
    await user.type(screen.getByLabelText('Server address'), 'chat.elsewhere.org');
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    await screen.findByLabelText('E-mail');
    expect(host.calls).toContain('checkServer chat.elsewhere.org');
  });

  it('say so when the chosen one does not answer', async () => {
    const { host, user } = await draw([ONE], false);
    host.failNext(`checkServer ${ONE}`, { reason: 'server_not_allowed', address: ONE });
    await screen.findByRole('radio', { name: /^chat\.example\.org/u });
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Your organisation does not let this device sign in at chat.example.org.',
    );
  });
});
