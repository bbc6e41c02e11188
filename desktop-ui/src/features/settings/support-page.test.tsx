import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';

import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { SupportPage } from './support-page.tsx';

it('a file for support is saved, and where is said', async () => {
  const { user } = await renderWith(signedInHost(), <SupportPage />);
  await user.click(await screen.findByRole('button', { name: 'Save a file for support' }));
  expect(await screen.findByText(/^Saved as .*loquat-support\.zip$/)).toBeVisible();
});

it('the last fault is offered until it is put away', async () => {
  const host = signedInHost();
  host.helping = {
    ...host.helping,
    crash: { version: '0.1.0', at: Date.now(), place: 'desktop/src/app.rs:7', what: '#1', trace: [] },
  };
  const { user } = await renderWith(host, <SupportPage />);
  expect(await screen.findByText(/Loquat had a fault/)).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Put away' }));
  expect(await screen.findByRole('button', { name: 'Save a file for support' })).toBeVisible();
  await expect.poll(() => screen.queryByText(/Loquat had a fault/)).toBeNull();
});

it('the log is as chatty as somebody chose, and what is decided cannot be chosen', async () => {
  const host = signedInHost();
  const { user, unmount } = await renderWith(host, <SupportPage />);
  await user.click(await screen.findByRole('radio', { name: /Also why it happens/ }));
  expect(host.calls).toContain('setLogLevel debug');
  unmount();

  host.helping = { ...host.helping, log_decided: true, allowed: false };
  await renderWith(host, <SupportPage />);
  expect(await screen.findByText('Set by your organisation')).toBeVisible();
  expect(screen.queryByRole('radio')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Save a file for support' })).toBeNull();
});
