import { describe, expect, it } from 'vitest';

import type { CertificateFault } from '#bridge/generated/CertificateFault.ts';
import type { ProxyFault } from '#bridge/generated/ProxyFault.ts';

import { failureSentence } from './failure.ts';
import { certificateFacts, certificateReason, hostName } from './network-failure.ts';

const DAY_MS = 86_400_000;
const now = Date.UTC(2026, 9, 14, 12);

function fault(problem: CertificateFault['problem'], more: Partial<CertificateFault> = {}): CertificateFault {
  return {
    problem,
    subject: 'CN=chat.example.org',
    issuer: 'CN=Example CA',
    names: ['chat.example.org'],
    valid_from: now - 90 * DAY_MS,
    valid_until: now - 3 * DAY_MS,
    fingerprint: 'AB:CD',
    looked_at: now,
    ...more,
  };
}

describe('a certificate that is not trusted', () => {
  it.each([
    [fault('expired'), 'expired 3 days ago'],
    [fault('expired', { valid_until: now - DAY_MS }), 'expired 1 day ago'],
    [fault('expired', { valid_until: now - 1000 }), 'expired today'],
    [fault('not_yet_valid', { valid_from: now + 3 * DAY_MS }), 'Check the date and time of this computer'],
    [fault('wrong_name', { names: ['mail.example.org', 'www.example.org'] }), 'is for mail.example.org, www.example.org'],
    [fault('wrong_name', { names: [] }), 'is for another server'],
    [fault('unknown_issuer'), 'Ask your IT'],
    [fault('self_signed'), 'vouches for itself'],
    [fault('revoked'), 'withdrawn'],
    [fault('wrong_signature'), 'signature'],
    [fault('unusable'), 'cannot be used'],
  ])('says why: %#', (found, part) => {
    expect(certificateReason(found)).toContain(part);
  });

  it('says whose it is, and leaves out what is not known', () => {
    const facts = certificateFacts('https://chat.example.org', fault('expired', { subject: '', valid_until: null }));
    expect(facts).toEqual([
      { name: 'Server', value: 'chat.example.org' },
      { name: 'Issued by', value: 'CN=Example CA' },
      { name: 'Valid for', value: 'chat.example.org' },
      { name: 'Fingerprint (SHA-256)', value: 'AB:CD' },
    ]);
  });

  it('is named with its server where there is room for one sentence', () => {
    const failure = { reason: 'certificate_not_trusted' as const, address: 'https://chat.example.org', certificate: fault('expired') };
    expect(failureSentence(failure)).toMatch(/^The certificate of chat\.example\.org is not trusted\. .*3 days ago/);
  });
});

it.each<[ProxyFault, string]>([
  [{ fault: 'login_needed' }, 'wants a name and a password'],
  [{ fault: 'login_wrong' }, 'does not accept'],
  [{ fault: 'unreachable', detail: '' }, "Can't reach the proxy proxy:3128"],
  [{ fault: 'refused', detail: '403' }, 'does not let'],
  [{ fault: 'no_proxy', detail: '' }, 'is not a proxy'],
  [{ fault: 'certificate', certificate: fault('self_signed') }, 'vouches for itself'],
  [{ fault: 'unsupported' }, 'HTTP, HTTPS and SOCKS5'],
])('a proxy in the way says what to do: %#', (found, part) => {
  expect(failureSentence({ reason: 'proxy', proxy: 'http://proxy:3128', fault: found })).toContain(part);
});

it('a server is called by its host', () => {
  expect(hostName('https://chat.example.org/')).toBe('chat.example.org');
});
