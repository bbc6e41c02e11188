// An invitation that was looked at: which workspace it leads to, and joining it.

import { useMutation } from '@tanstack/react-query';

import { useHost } from '#bridge/context.tsx';
import type { ServerInfo } from '#bridge/generated/ServerInfo.ts';
import type { Session } from '#bridge/generated/Session.ts';
import { errorSentence } from '#text/failure.ts';
import { hostName } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';

import styles from './steps.module.css';

interface JoinStepProps {
  link: string;
  server: ServerInfo;
  onSignedIn: (session: Session) => void;
  onOther: () => void;
}

export function JoinStep({ link, server, onSignedIn, onOther }: JoinStepProps) {
  const host = useHost();
  const join = useMutation({ mutationFn: () => host.acceptInvitation(link), onSuccess: onSignedIn });
  return (
    <div className={styles['form']}>
      <div className={styles['head']}>
        <h1>{text.signIn.invitation.joinTitle(server.workspace)}</h1>
        <p>{text.signIn.invitation.joinLead(hostName(server.address))}</p>
      </div>
      {join.isError && <Notice kind="danger">{errorSentence(join.error)}</Notice>}
      {/* The one thing to do here. */}
      {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
      <Button weight="primary" size="large" wide autoFocus busy={join.isPending} onPress={() => join.mutate()}>
        {text.signIn.invitation.join}
      </Button>
      <div className={styles['links']}>
        <Button weight="link" onPress={onOther}>
          {text.signIn.invitation.otherLink}
        </Button>
      </div>
    </div>
  );
}
