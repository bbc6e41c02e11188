// Pictures of the way into a workspace.

import { UNREACHABLE } from './steps.mjs';

const DAY_MS = 86_400_000;
const untrusted = {
  reason: 'certificate_not_trusted',
  address: 'https://chat.orchard.example',
  certificate: {
    problem: 'expired',
    subject: 'CN=chat.orchard.example',
    issuer: 'C=SG, O=Orchard Pte Ltd, CN=Orchard Issuing CA 2',
    names: ['chat.orchard.example', 'loquat.orchard.example'],
    valid_from: Date.now() - 93 * DAY_MS,
    valid_until: Date.now() - 3.5 * DAY_MS,
    fingerprint: Array.from({ length: 32 }, (_, index) => ((index * 37 + 11) % 256).toString(16).padStart(2, '0').toUpperCase()).join(':'),
    looked_at: Date.now(),
  },
};

const ENDS = ['session_ended', 'session_revoked', 'token_expired', 'deactivated', 'keychain_locked', 'keychain_missing'];

async function toServer(page) {
  await page.getByLabel('Server address').fill('chat.orchard.example');
}

async function toEmail(page) {
  await toServer(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('E-mail').fill('ada@orchard.example');
}

async function toCode(page) {
  await toEmail(page);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByRole('group', { name: 'Sign-in code' }).waitFor();
}

async function toInvitation(page) {
  await page.getByRole('button', { name: 'I have an invitation' }).click();
  await page.getByLabel('Invitation link').waitFor();
}

async function look(page, link) {
  await toInvitation(page);
  await page.getByLabel('Invitation link').fill(link);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function toJoin(page, code = 'ORCHARD4TREES') {
  await look(page, `loquat://join?server=https%3A%2F%2Fchat.orchard.example&code=${code}`);
  await page.getByRole('button', { name: 'Join' }).waitFor();
}

async function failing(page, failure, sentence) {
  await toServer(page);
  await page.evaluate((refused) => window.fakeHost.failNext('checkServer', refused), failure);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText(sentence).waitFor();
}

export const SIGN_IN_SCREENS = [
  { name: 'sign-in-server', small: true, asks: { show: 'sign-in' } },
  {
    name: 'sign-in-server-away',
    asks: { show: 'sign-in' },
    act: (page) => failing(page, UNREACHABLE, "Can't reach"),
  },
  {
    name: 'sign-in-certificate',
    small: true,
    asks: { show: 'sign-in' },
    act: (page) => failing(page, untrusted, 'expired 3 days ago'),
  },
  {
    name: 'sign-in-connection',
    asks: { show: 'sign-in' },
    act: async (page) => {
      await page.getByRole('button', { name: 'Connection settings' }).click();
      await page.getByRole('heading', { level: 1, name: 'Connection' }).waitFor();
    },
  },
  ...ENDS.map((reason) => ({
    name: `ended-${reason.replace('_', '-')}`,
    asks: { show: 'ended', reason },
    act: (page) => page.getByLabel('E-mail').waitFor(),
  })),
  {
    name: 'ended-server-away',
    asks: { show: 'ended', reason: 'session_revoked', away: 'yes' },
    act: (page) => page.getByLabel('Server address').waitFor(),
  },
  { name: 'sign-in-invitation', small: true, asks: { show: 'sign-in' }, act: toInvitation },
  {
    name: 'sign-in-invitation-wrong',
    asks: { show: 'sign-in' },
    act: async (page) => {
      await look(page, 'https://chat.orchard.example');
      await page.getByText('That is not an invitation link').waitFor();
    },
  },
  { name: 'sign-in-join', small: true, asks: { show: 'sign-in' }, act: (page) => toJoin(page) },
  {
    name: 'sign-in-join-refused',
    asks: { show: 'sign-in' },
    act: async (page) => {
      await toJoin(page, 'USED');
      await page.getByRole('button', { name: 'Join' }).click();
      await page.getByText('This invitation was used').waitFor();
    },
  },
  { name: 'sign-in-email', asks: { show: 'sign-in' }, act: toEmail },
  { name: 'sign-in-code', small: true, asks: { show: 'sign-in' }, act: toCode },
  {
    name: 'sign-in-code-wrong',
    asks: { show: 'sign-in' },
    act: async (page) => {
      await toCode(page);
      await page.keyboard.type('654321');
      await page.getByText('That code is not right').waitFor();
    },
  },
  {
    name: 'sign-in-code-resent',
    asks: { show: 'sign-in' },
    act: async (page) => {
      await toCode(page);
      await page.clock.setFixedTime(new Date('2026-03-10T09:42:00+01:00'));
      await page.getByRole('button', { name: 'Send a new code', exact: true }).click();
      await page.getByText('A new code was sent').waitFor();
    },
  },
  { name: 'stuck', asks: { show: 'stuck' } },
];
