// What the scripted host knows about accounts and the workspace: devices, invitations, settings, the audit log, pictures
// and who is there.

import type { AuditAction } from './generated/AuditAction';
import type { AuditEvent } from './generated/AuditEvent';
import type { Invitation } from './generated/Invitation';
import type { PresenceView } from './generated/PresenceView';
import type { SessionInfo } from './generated/SessionInfo';
import type { UserId } from './generated/UserId';
import type { WorkspaceSettings } from './generated/WorkspaceSettings';

const DAY_MS = 24 * 60 * 60_000;

export interface Office {
  /** The last seen first. */
  sessions: SessionInfo[];
  settings: WorkspaceSettings;
  /** The newest first. */
  invitations: Invitation[];
  /** The newest first. */
  audit: AuditEvent[];
  /** Data URLs by the name that a `PersonView` gives its picture. */
  pictures: Map<string, string>;
  presence: Map<UserId, PresenceView>;
}

/** Of a workspace that was just set up by `me`, on this device alone. */
export function newOffice(workspace: string, me: UserId, now: number): Office {
  return {
    sessions: [
      {
        id: 's_this',
        name: 'desk-4',
        system: 'Debian GNU/Linux 12 (bookworm)',
        signed_in_at: now - DAY_MS,
        last_seen_at: now - 60_000,
        address: '192.0.2.14',
        current: true,
      },
    ],
    settings: {
      name: workspace,
      sign_in_domains: ['orchard.example'],
      any_domain: false,
      channel_creation: 'everyone',
      version: 1,
    },
    invitations: [],
    audit: [{ seq: 1, at: now - DAY_MS, actor: me, action: 'signed_in', target: null, detail: '', address: '192.0.2.14' }],
    pictures: new Map(),
    presence: new Map(),
  };
}

/** Writes something down, as the newest. */
export function audited(
  office: Office,
  actor: UserId,
  action: AuditAction,
  more: { target?: string; detail?: string } = {},
): void {
  office.audit = [
    {
      seq: (office.audit[0]?.seq ?? 0) + 1,
      at: Date.now(),
      actor,
      action,
      target: more.target ?? null,
      detail: more.detail ?? '',
      address: '192.0.2.14',
    },
    ...office.audit,
  ];
}
