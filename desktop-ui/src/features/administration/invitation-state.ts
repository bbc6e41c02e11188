// What became of an invitation.

import type { Invitation } from '#bridge/generated/Invitation.ts';

export type InvitationState = 'open' | 'accepted' | 'expired';

/** The state, and the moment that goes with it. */
export function invitationState(invitation: Invitation, now: number): { state: InvitationState; at: number } {
  if (invitation.accepted_at != null) {
    return { state: 'accepted', at: invitation.accepted_at };
  }
  return { state: invitation.expires_at <= now ? 'expired' : 'open', at: invitation.expires_at };
}
