import { describe, expect, it } from 'vitest';

import type { AuditAction } from '#bridge/generated/AuditAction.ts';

import { auditWords } from './audit-sentence.ts';

const NAMES: Record<string, string> = { u_ada: 'Ada Winter', u_mei: 'Mei Tan' };

function words(action: AuditAction, more: { actor?: string | null; target?: string; detail?: string } = {}) {
  const { actor = 'u_ada', target = null, detail = '' } = more;
  return auditWords({ seq: 1, at: 0, actor, action, target, detail, address: '' }, (id) => NAMES[id] ?? null);
}

describe('an event is told as a sentence', () => {
  it.each([
    ['signed_in', { detail: 'desk-2, Debian 12', target: 's_1' }, 'Ada Winter signed in on desk-2, Debian 12'],
    ['signed_in', {}, 'Ada Winter signed in'],
    ['signed_out', { detail: 'desk-2' }, 'Ada Winter signed out of desk-2'],
    ['session_revoked', { detail: 'phone', target: 's_1' }, 'Ada Winter signed out their other device phone'],
    ['invited', { target: 'pia@x.org', detail: 'role: member' }, 'Ada Winter invited pia@x.org as a member'],
    ['invited', { target: 'pia@x.org', detail: 'role: administrator' }, 'Ada Winter invited pia@x.org as an administrator'],
    ['invitation_accepted', { target: 'ada@x.org', detail: 'role: member' }, 'Ada Winter joined by an invitation, as a member'],
    ['invitation_withdrawn', { target: 'pia@x.org' }, 'Ada Winter withdrew the invitation to pia@x.org'],
    ['role_changed', { target: 'u_mei', detail: 'role: member -> administrator' }, 'Ada Winter made Mei Tan an administrator'],
    ['role_changed', { target: 'u_mei', detail: 'role: administrator -> member' }, 'Ada Winter made Mei Tan a member'],
    ['deactivated', { target: 'u_mei' }, 'Ada Winter deactivated Mei Tan'],
    ['reactivated', { target: 'u_mei' }, 'Ada Winter reactivated Mei Tan'],
    ['audit_exported', { detail: 'action: signed_in' }, 'Ada Winter exported the audit log'],
    ['deactivated', { actor: 'u_gone', target: 'u_mei' }, 'Somebody deactivated Mei Tan'],
    [
      'refresh_token_reused',
      { actor: null, target: 'u_mei', detail: 'session: s_1' },
      'An old token of Mei Tan was used. Somebody may have copied it, so the session was ended',
    ],
    ['invitation_withdrawn', { actor: null, target: 'pia@x.org' }, 'The server withdrew the invitation to pia@x.org'],
  ] as const)('%s %j', (action, more, sentence) => {
    expect(words(action, more).sentence).toBe(sentence);
  });
});

describe('what changed is told line by line', () => {
  it('for settings', () => {
    const detail =
      'name: Orchard -> Orchard; and more; sign-in domains:  -> a.org, b.org; channel creation: everyone -> administrators';
    expect(words('settings_changed', { detail }).details).toEqual([
      'Name: Orchard → Orchard; and more',
      'Domains: none → a.org, b.org',
      'Channels are made by: everyone → administrators only',
    ]);
  });

  it('as the server says it where this version does not know better', () => {
    expect(words('invitation_withdrawn', { actor: null, detail: 'the mail could not be queued' }).details).toEqual([
      'the mail could not be queued',
    ]);
    expect(words('role_changed', { target: 'u_mei', detail: 'role: member -> guest' })).toEqual({
      sentence: 'Ada Winter changed the role of Mei Tan',
      details: ['role: member -> guest'],
    });
    expect(words('settings_changed', { detail: 'colour: red -> blue' }).details).toEqual(['colour: red -> blue']);
  });

  it('and for most events there is nothing to add', () => {
    expect(words('signed_in', { detail: 'desk-2' }).details).toEqual([]);
  });
});
