// One invitation: whom it is for, whether it is open, and sending it again or taking it back.

import { usePeople } from '#bridge/context.tsx';
import type { Invitation } from '#bridge/generated/Invitation.ts';
import { personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { fullText, momentInSentence, type Clock } from '#text/time.ts';
import { Badge } from '#ui/badge.tsx';
import { Button } from '#ui/button.tsx';

import { invitationState } from './invitation-state.ts';
import styles from './invitations-page.module.css';

interface InvitationRowProps {
  invitation: Invitation;
  clock: Clock;
  busy: boolean;
  onAgain: () => void;
  onWithdraw: () => void;
}

export function InvitationRow({ invitation, clock, busy, onAgain, onWithdraw }: InvitationRowProps) {
  const people = usePeople();
  const { email, role } = invitation;
  const { state, at } = invitationState(invitation, clock.now);
  const say = text.administration.invitations;
  const when = momentInSentence(at, clock);
  const by = say.invitedBy(personName(people, invitation.invited_by), momentInSentence(invitation.invited_at, clock));
  return (
    <li className={styles['row']}>
      <div className={styles['words']}>
        <p className={styles['name']}>
          <span>{email}</span>
          {state === 'open' && <Badge tone="warm">{say.open}</Badge>}
          {state === 'accepted' && <Badge tone="good">{say.accepted}</Badge>}
          {state === 'expired' && <Badge>{say.expired}</Badge>}
          {role === 'administrator' && <Badge>{text.roles.administrator}</Badge>}
        </p>
        <p className={styles['detail']} title={fullText(at, clock)}>
          {state === 'open' ? say.expires(when) : state === 'accepted' ? say.acceptedOn(when) : say.expiredOn(when)}
          {' · '}
          {by}
        </p>
      </div>
      {state !== 'accepted' && (
        <div className={styles['actions']}>
          <Button size="compact" busy={busy} aria-label={say.againNamed(email)} onPress={onAgain}>
            {say.again}
          </Button>
          <Button weight="quiet" size="compact" busy={busy} aria-label={say.withdrawNamed(email)} onPress={onWithdraw}>
            {say.withdraw}
          </Button>
        </div>
      )}
    </li>
  );
}
