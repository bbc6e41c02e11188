import { screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';

import type { Failure } from '#bridge/generated/Failure.ts';
import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { ConnectionPage } from './connection-page.tsx';
import { testAsText } from './test-words.ts';

const PROXY = 'http://proxy.example.org:3128';

const expired: Failure = {
  reason: 'certificate_not_trusted',
  address: 'https://chat.example.org',
  certificate: {
    problem: 'expired',
    subject: 'CN=chat.example.org',
    issuer: 'CN=Example CA',
    names: ['chat.example.org'],
    valid_from: 0,
    valid_until: 86_400_000,
    fingerprint: 'AB:CD',
    looked_at: 5 * 86_400_000,
  },
};

async function page(host = signedInHost()) {
  const drawn = await renderWith(host, <ConnectionPage />);
  await screen.findByRole('heading', { name: 'Proxy' });
  return { ...drawn, host };
}

it('a proxy that is chosen by hand is saved when its address is complete', async () => {
  const { host, user } = await page();
  await user.click(screen.getByRole('radio', { name: /This proxy/ }));
  await user.type(screen.getByLabelText('Address of the proxy'), 'no proxy');
  await user.click(screen.getAllByRole('button', { name: 'Save' })[0]!);
  expect(await screen.findByText(/That is not the address of a proxy/)).toBeVisible();

  await user.clear(screen.getByLabelText('Address of the proxy'));
  await user.type(screen.getByLabelText('Address of the proxy'), 'proxy.example.org:3128');
  await user.type(screen.getByLabelText('Hosts without the proxy'), 'near.example.org, 10.0.0.0/8');
  await user.click(screen.getAllByRole('button', { name: 'Save' })[0]!);

  expect(await screen.findByText('In use now: proxy.example.org:3128')).toBeVisible();
  expect(host.way.choice).toEqual({
    mode: 'manual',
    proxy: 'proxy.example.org:3128',
    bypass: ['near.example.org', '10.0.0.0/8'],
    extra_ca_file: '',
  });
});

it('a password is typed blind, and is gone from the page once it is kept', async () => {
  const host = signedInHost();
  host.way = { ...host.way, proxy_in_use: PROXY };
  const { user } = await page(host);
  const password = screen.getByLabelText('Password');
  expect(password).toHaveAttribute('type', 'password');
  await user.type(screen.getByLabelText('Name'), 'ada');
  await user.type(password, 'secret');
  await user.click(screen.getByRole('button', { name: 'Save name and password' }));

  expect(await screen.findByText('The proxy is shown the name ada.')).toBeVisible();
  expect(screen.getByLabelText('Password')).toHaveValue('');
  await user.click(screen.getByRole('button', { name: 'Forget them' }));
  expect(host.calls).toContain('setProxyLogin none');
});

it('what the organisation decided is shown and cannot be chosen', async () => {
  const host = signedInHost();
  host.way = {
    ...host.way,
    choice: { mode: 'manual', proxy: PROXY, bypass: [], extra_ca_file: '/etc/ca.pem' },
    proxy_decided: true,
    ca_decided: true,
    proxy_in_use: PROXY,
  };
  await page(host);
  expect(screen.getAllByText('Set by your organisation')).toHaveLength(2);
  expect(screen.queryByRole('radio')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Save' })).toBeNull();
});

it('a file of authorities that cannot be used is named with what is wrong', async () => {
  const host = signedInHost();
  host.way = { ...host.way, ca_fault: { file: '/home/ada/ca.pem', problem: { problem: 'broken', number: 2, detail: '' } } };
  await page(host);
  expect(screen.getByText(/Certificate 2 in \/home\/ada\/ca\.pem is broken/)).toBeVisible();
});

it('a certificate that keeps the app offline is shown with whose it is', async () => {
  const host = signedInHost();
  host.changeConnection({ state: 'offline', since: 0, retry_at: 0, unsent: 0, trouble: expired });
  await page(host);
  expect(await screen.findByText(/The certificate expired 4 days ago/)).toBeVisible();
  const facts = screen.getByLabelText('The certificate');
  expect(within(facts).getByText('AB:CD')).toBeVisible();
});

it('a test shows each step, what to do where one fails, and can be copied whole', async () => {
  const host = signedInHost();
  host.found = [
    { kind: 'dns', took_ms: 12, outcome: { outcome: 'fine', detail: '203.0.113.7' } },
    { kind: 'tcp', took_ms: 9, outcome: { outcome: 'fine', detail: 'chat.example.org:443' } },
    { kind: 'proxy', took_ms: 0, outcome: { outcome: 'skipped', why: 'no_proxy' } },
    { kind: 'tls', took_ms: 30, outcome: { outcome: 'failed', failure: expired } },
    { kind: 'clock', took_ms: 0, outcome: { outcome: 'clock_differs', seconds: 7200 } },
  ];
  const { user } = await page(host);
  await user.click(screen.getByRole('button', { name: 'Test now' }));

  const steps = await screen.findByRole('list', { name: 'Steps of the test' });
  expect(await screen.findByText('Something on the way to the server does not work.')).toBeVisible();
  expect(within(steps).getAllByRole('listitem')).toHaveLength(5);
  expect(within(steps).getByText(/expired 4 days ago/)).toBeVisible();
  expect(within(steps).getByText(/is 2 hours ahead/)).toBeVisible();
  const copied = testAsText(await host.testConnection('https://chat.example.org'));
  expect(copied).toMatch(/^Connection test of chat\.example\.org/);
  expect(copied).toContain('Find the address: Works, 12 ms\n    203.0.113.7');
});
