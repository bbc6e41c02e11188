// With an invitation: its link says the server, one button joins.

import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { ServerInfo } from '#bridge/generated/ServerInfo.ts';
import type { Session } from '#bridge/generated/Session.ts';
import { failureOf } from '#bridge/host.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';

import { JoinStep } from './join-step.tsx';
import styles from './steps.module.css';

interface InvitationStepProps {
  /** A link that was opened, looked at without being asked for; empty when the person has it still to paste. */
  link: string;
  onSignedIn: (session: Session) => void;
  onWithout: () => void;
}

export function InvitationStep({ link: opened, onSignedIn, onWithout }: InvitationStepProps) {
  const [link, setLink] = useState(opened);
  const [found, setFound] = useState<{ link: string; server: ServerInfo } | null>(null);
  const look = useLook((seen) => setFound(seen));

  if (found !== null) {
    return <JoinStep {...found} onSignedIn={onSignedIn} onOther={() => setFound(null)} />;
  }

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (link.trim() !== '' && !look.isPending) {
      look.mutate(link.trim());
    }
  }

  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <div className={styles['head']}>
        <h1>{text.signIn.invitation.title}</h1>
        <p>{text.signIn.invitation.lead}</p>
      </div>
      <Field
        label={text.signIn.invitation.label}
        placeholder={text.signIn.invitation.placeholder}
        value={link}
        onChange={(value) => {
          setLink(value);
          look.reset();
        }}
        error={look.isError ? linkSentence(look.error) : undefined}
        large
        focusFirst
        input={{ autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none', autoCorrect: 'off' }}
      />
      <Button type="submit" weight="primary" size="large" wide isDisabled={link.trim() === ''} busy={look.isPending}>
        {text.signIn.invitation.submit}
      </Button>
      <div className={styles['links']}>
        <Button weight="link" onPress={onWithout}>
          {text.signIn.invitation.withAddress}
        </Button>
      </div>
    </form>
  );
}

/** Reads the link on this computer, then asks the server it names who it is. */
function useLook(onSeen: (seen: { link: string; server: ServerInfo }) => void) {
  const host = useHost();
  return useMutation({
    mutationFn: async (link: string) => {
      const { server } = await host.readInvitation(link);
      return { link, server: await host.checkServer(server) };
    },
    onSuccess: onSeen,
  });
}

/** What was pasted is no link of an invitation; everything else is about the server it names. */
function linkSentence(error: unknown): string {
  const failure = failureOf(error);
  const isNoLink = failure?.reason === 'invalid_address' || (failure?.reason === 'refused' && failure.code === 'malformed');
  return isNoLink ? text.signIn.invitation.notALink : errorSentence(error);
}
