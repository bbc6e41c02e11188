// What stands between this device and its server, in sentences: certificates that are not trusted, and proxies.

import type { CertificateFault } from '#bridge/generated/CertificateFault.ts';
import type { Failure } from '#bridge/generated/Failure.ts';

import { dateText } from './time.ts';
import { text } from './text.ts';

const DAY_MS = 86_400_000;

/** Names that fit into a sentence; all of them are among the details. */
const NAMES_IN_SENTENCE = 3;

type ProxyFailure = Extract<Failure, { reason: 'proxy' }>;

/** `chat.example.org` of `https://chat.example.org/`: what a person calls a server. */
export function hostName(address: string): string {
  return address.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '');
}

export function certificateSentence(address: string, fault: CertificateFault): string {
  return text.certificate.sentence(hostName(address), certificateReason(fault));
}

/** What is wrong with a certificate, and who can put it right. */
export function certificateReason(fault: CertificateFault): string {
  const say = text.certificate;
  switch (fault.problem) {
    case 'expired':
      return say.expired(sinceText(fault));
    case 'not_yet_valid':
      return fault.valid_from === null ? say.unusable : say.notYetValid(dateText(fault.valid_from));
    case 'wrong_name':
      return fault.names.length === 0
        ? say.wrongNameUnknown
        : say.wrongName(fault.names.slice(0, NAMES_IN_SENTENCE).join(', '));
    case 'unknown_issuer':
      return say.unknownIssuer;
    case 'self_signed':
      return say.selfSigned;
    case 'revoked':
      return say.revoked;
    case 'wrong_signature':
      return say.wrongSignature;
    case 'unusable':
      return say.unusable;
  }
}

function sinceText({ valid_until: until, looked_at: looked }: CertificateFault): string {
  const days = until === null ? 0 : Math.floor((looked - until) / DAY_MS);
  return days < 1 ? text.certificate.today : text.certificate.daysAgo(days);
}

export interface Fact {
  name: string;
  value: string;
}

/** Everything about a certificate that somebody needs who is to put it right. */
export function certificateFacts(address: string, fault: CertificateFault): Fact[] {
  const say = text.certificate;
  const valid =
    fault.valid_from === null || fault.valid_until === null
      ? ''
      : say.fromUntil(dateText(fault.valid_from), dateText(fault.valid_until));
  const facts = [
    { name: say.server, value: hostName(address) },
    { name: say.subject, value: fault.subject },
    { name: say.issuer, value: fault.issuer },
    { name: say.names, value: fault.names.join(', ') },
    { name: say.valid, value: valid },
    { name: say.fingerprint, value: fault.fingerprint },
  ];
  return facts.filter(({ value }) => value !== '');
}

export function proxySentence({ proxy, fault }: ProxyFailure): string {
  const say = text.proxy;
  const host = hostName(proxy);
  switch (fault.fault) {
    case 'login_needed':
      return say.loginNeeded(host);
    case 'login_wrong':
      return say.loginWrong(host);
    case 'unreachable':
      return say.unreachable(host);
    case 'refused':
      return say.refused(host);
    case 'no_proxy':
      return say.noProxy(host);
    case 'certificate':
      return say.certificate(host, certificateReason(fault.certificate));
    case 'unsupported':
      return say.unsupported(proxy);
  }
}
