// Letting somebody in by their address, and what became of it.

import { useState, type SyntheticEvent } from 'react';

import type { Role } from '#bridge/generated/Role.ts';
import { errorSentence, pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Notice } from '#ui/notice.tsx';
import { Page } from '#ui/page.tsx';
import { Select } from '#ui/select.tsx';
import { useNow } from '#ui/use-now.ts';

import { InvitationRow } from './invitation-row.tsx';
import styles from './invitations-page.module.css';
import { useInvitations, useInvite, useWithdraw } from './queries.ts';

export function InvitationsPage() {
  const now = useNow(60_000);
  const invitations = useInvitations();
  const [done, setDone] = useState('');
  const invite = useInvite(({ email }) => setDone(text.administration.invitations.sent(email)));
  const withdraw = useWithdraw(({ email }) => setDone(text.administration.invitations.withdrawn(email)));
  const refused = invite.error ?? withdraw.error;

  function send(email: string, role: Role, onSent?: () => void) {
    setDone('');
    withdraw.reset();
    invite.mutate({ email, role }, onSent === undefined ? {} : { onSuccess: onSent });
  }

  return (
    <Page title={text.administration.invitations.title} lead={text.administration.invitations.lead} wide>
      <InviteForm busy={invite.isPending} onSend={send} />
      {refused !== null && <Notice kind="danger">{errorSentence(refused)}</Notice>}
      <div>
        <p role="status" className={styles['status']}>
          {done}
        </p>
        <Loaded
          data={invitations.data}
          problem={invitations.isError ? pageProblem(invitations.error) : undefined}
          onTryAgain={() => void invitations.refetch()}
        >
          {(list) =>
            list.length === 0 ? (
              <p className={styles['none']}>{text.administration.invitations.none}</p>
            ) : (
              <ul className={styles['list']} aria-label={text.administration.invitations.list}>
                {list.map((invitation) => (
                  <InvitationRow
                    key={invitation.id}
                    invitation={invitation}
                    clock={{ now }}
                    busy={invite.isPending || withdraw.isPending}
                    onAgain={() => send(invitation.email, invitation.role)}
                    onWithdraw={() => {
                      setDone('');
                      invite.reset();
                      withdraw.mutate(invitation);
                    }}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

interface InviteFormProps {
  busy: boolean;
  onSend: (email: string, role: Role, onSent: () => void) => void;
}

function InviteForm({ busy, onSend }: InviteFormProps) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('member');

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (email.trim() !== '' && !busy) {
      onSend(email.trim(), role, () => setEmail(''));
    }
  }

  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <div className={styles['email']}>
        <Field
          label={text.administration.invitations.email}
          placeholder={text.administration.invitations.emailPlaceholder}
          type="email"
          value={email}
          onChange={setEmail}
          input={{ autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none' }}
        />
      </div>
      <Select
        label={text.administration.invitations.role}
        value={role}
        onChange={setRole}
        options={[
          { value: 'member', label: text.roles.member },
          { value: 'administrator', label: text.roles.administrator },
        ]}
        className={styles['role']}
      />
      <Button type="submit" weight="primary" isDisabled={email.trim() === ''} busy={busy}>
        {text.administration.invitations.send}
      </Button>
    </form>
  );
}
