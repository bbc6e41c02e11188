// Pictures of the page about the way to the server, in the states somebody looks for it in.

import { place } from './settings-screens.mjs';

const full = { show: 'full', open: 'c_general' };
const PROXY = 'http://proxy.orchard.example:3128';

async function manual(page) {
  await page.evaluate((proxy) => {
    window.fakeHost.way = {
      ...window.fakeHost.way,
      choice: { mode: 'manual', proxy, bypass: ['intranet.orchard.example', '10.0.0.0/8'], extra_ca_file: '/home/ada/orchard.pem' },
      proxy_in_use: proxy,
      user: 'ada',
      login_for_this_run: true,
      ca_fault: { file: '/home/ada/orchard.pem', problem: { problem: 'broken', number: 2, detail: 'BadEncoding' } },
    };
  }, PROXY);
  await place('Connection')(page);
}

async function decided(page) {
  await page.evaluate((proxy) => {
    window.fakeHost.way = {
      ...window.fakeHost.way,
      choice: { mode: 'manual', proxy, bypass: [], extra_ca_file: '/etc/ssl/certs/orchard.pem' },
      proxy_decided: true,
      ca_decided: true,
      proxy_in_use: proxy,
    };
  }, PROXY);
  await place('Connection')(page);
}

async function tested(page) {
  await page.evaluate(() => {
    const [dns, tcp, proxy, , https] = window.fakeHost.found;
    const failure = {
      reason: 'certificate_not_trusted',
      address: 'https://chat.orchard.example',
      certificate: {
        problem: 'unknown_issuer', subject: 'CN=chat.orchard.example', issuer: 'CN=Firewall', names: [], valid_from: null, valid_until: null, fingerprint: '', looked_at: 0,
      },
    };
    const why = 'out_of_reach';
    window.fakeHost.found = [
      dns, tcp, proxy,
      { kind: 'tls', took_ms: 31, outcome: { outcome: 'failed', failure } },
      { ...https, outcome: { outcome: 'skipped', why } },
      { kind: 'socket', took_ms: 0, outcome: { outcome: 'skipped', why } },
      { kind: 'clock', took_ms: 0, outcome: { outcome: 'clock_differs', seconds: -7300 } },
    ];
  });
  await place('Connection')(page);
  await page.getByRole('button', { name: 'Test now' }).click();
  await page.getByText('Something on the way').waitFor();
  await page.getByText('Something on the way').scrollIntoViewIfNeeded();
}

export const CONNECTION_SCREENS = [
  { name: 'connection-manual', small: true, asks: full, act: manual },
  { name: 'connection-decided', asks: full, act: decided },
  { name: 'connection-tested', small: true, asks: full, act: tested },
  { name: 'connection-german', asks: full, act: tested, language: 'de' },
];
