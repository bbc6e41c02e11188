// An event of the audit log as a person would say it, and what changed by it, one line for each change.

import type { AuditEvent } from '#bridge/generated/AuditEvent.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { text } from '#text/text.ts';

export interface AuditWords {
  sentence: string;
  /** What changed, or what the server says beyond the sentence; often nothing. */
  details: string[];
}

/** `nameOf` names a person by their id; null for an id that nobody knows. */
export function auditWords(event: AuditEvent, nameOf: (id: UserId) => string | null): AuditWords {
  const say = text.administration.audit.sentences;
  const who = event.actor == null ? text.administration.audit.server : (nameOf(event.actor) ?? text.administration.audit.someone);
  const whom = event.target == null ? '' : (nameOf(event.target) ?? event.target);
  const { detail } = event;
  const only = (sentence: string): AuditWords => ({ sentence, details: [] });
  const withDetail = (sentence: string): AuditWords => ({ sentence, details: detail === '' ? [] : [detail] });

  switch (event.action) {
    case 'signed_in':
      return only(say.signed_in(who, detail));
    case 'signed_out':
      return only(say.signed_out(who, detail));
    case 'session_revoked':
      return only(say.session_revoked(who, detail));
    case 'invited': {
      const role = roleIn(detail);
      return role === null ? withDetail(say.invited(who, whom)) : only(say.invitedAs(who, whom, role));
    }
    case 'invitation_accepted': {
      const role = roleIn(detail);
      return role === null ? withDetail(say.invitation_accepted(who)) : only(say.invitationAcceptedAs(who, role));
    }
    case 'role_changed': {
      const role = roleIn(detail);
      return role === null ? withDetail(say.role_changed(who, whom)) : only(say.roleChangedTo(who, whom, role));
    }
    case 'refresh_token_reused':
      return only(say.refresh_token_reused(whom));
    case 'settings_changed':
      return { sentence: say.settings_changed(who), details: settingsLines(detail) };
    case 'audit_exported':
      return only(say.audit_exported(who));
    case 'invitation_withdrawn':
    case 'deactivated':
    case 'reactivated':
      return withDetail(say[event.action](who, whom));
  }
}

/** The role that somebody has from now on, in `role: member` or `role: member -> administrator`. */
function roleIn(detail: string): string | null {
  const role = /^role: (?:\w+ -> )?(member|administrator)$/u.exec(detail)?.[1];
  if (role === undefined) {
    return null;
  }
  return role === 'administrator' ? text.administration.audit.anAdministrator : text.administration.audit.aMember;
}

/** `name: Orchard -> Old Wall; channel creation: everyone -> administrators`, a line for each. */
function settingsLines(detail: string): string[] {
  const say = text.administration.audit.settings;
  return detail
    .split(/; (?=name: |sign-in domains: |channel creation: )/u)
    .filter((part) => part !== '')
    .map((part) => {
      const [, what = '', before = '', after = ''] = /^(name|sign-in domains|channel creation): (.*) -> (.*)$/u.exec(part) ?? [];
      switch (what) {
        case 'name':
          return say.name(before, after);
        case 'sign-in domains':
          return say.domains(before, after);
        case 'channel creation':
          return say.channelCreation(creation(before), creation(after));
        default:
          return part;
      }
    });
}

function creation(word: string): string {
  const say = text.administration.audit.settings;
  return word === 'everyone' ? say.everyone : word === 'administrators' ? say.administrators : word;
}
