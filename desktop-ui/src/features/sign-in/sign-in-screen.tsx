// From an empty app to a session: server address, e-mail, code; or an invitation.

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { CodeSent } from '#bridge/generated/CodeSent.ts';
import type { ServerInfo } from '#bridge/generated/ServerInfo.ts';
import type { Session } from '#bridge/generated/Session.ts';
import { keys } from '#bridge/keys.ts';
import { text } from '#text/text.ts';
import { Mark } from '#ui/mark.tsx';
import { Notice } from '#ui/notice.tsx';

import { CodeStep } from './code-step.tsx';
import { EmailStep } from './email-step.tsx';
import { endedSentence } from './ended.ts';
import { InvitationStep } from './invitation-step.tsx';
import { ServerStep } from './server-step.tsx';
import styles from './sign-in-screen.module.css';

type SignedOut = Extract<Session, { phase: 'signed_out' }>;

type Step =
  | { at: 'server' }
  | { at: 'invitation' }
  | { at: 'email'; server: ServerInfo }
  | { at: 'code'; server: ServerInfo; sent: CodeSent };

interface SignInScreenProps {
  session: SignedOut;
  /** The link of an invitation that was opened. */
  invitation?: string;
  onConnectionSettings?: () => void;
}

export function SignInScreen({ session, invitation = '', onConnectionSettings = () => undefined }: SignInScreenProps) {
  const queries = useQueryClient();
  const [step, setStep] = useState<Step>({ at: invitation === '' ? 'server' : 'invitation' });
  const [address, setAddress] = useState(session.server ?? '');
  const [email, setEmail] = useState(session.email ?? '');
  const signedIn = (fresh: Session) => queries.setQueryData(keys.session, fresh);
  useKnownServer(session.server, (server) => setStep((now) => (now.at === 'server' ? { at: 'email', server } : now)));

  return (
    <main className={styles['screen']}>
      <div className={styles['card']}>
        <div className={styles['brand']}>
          <Mark size={28} />
          {text.appName}
        </div>
        {session.reason !== null && step.at !== 'code' && <Notice kind="calm">{endedSentence(session.reason)}</Notice>}
        {step.at === 'server' && (
          <ServerStep
            address={address}
            onFound={(server) => {
              setAddress(server.address);
              setStep({ at: 'email', server });
            }}
            onInvitation={() => setStep({ at: 'invitation' })}
            onSettings={onConnectionSettings}
          />
        )}
        {step.at === 'invitation' && (
          <InvitationStep link={invitation} onSignedIn={signedIn} onWithout={() => setStep({ at: 'server' })} />
        )}
        {step.at === 'email' && (
          <EmailStep
            server={step.server}
            email={email}
            onSent={(sent) => {
              setEmail(sent.email);
              setStep({ ...step, at: 'code', sent });
            }}
            onOtherServer={() => setStep({ at: 'server' })}
          />
        )}
        {step.at === 'code' && (
          <CodeStep
            server={step.server}
            sent={step.sent}
            onResent={(sent) => setStep({ ...step, sent })}
            onSignedIn={signedIn}
            onOtherEmail={() => setStep({ at: 'email', server: step.server })}
          />
        )}
      </div>
    </main>
  );
}

/** Skips the first step when the address is known and answers; otherwise the person sees it filled in. */
function useKnownServer(address: string | null, onFound: (server: ServerInfo) => void) {
  const host = useHost();
  useEffect(() => {
    if (address === null) {
      return;
    }
    let current = true;
    host.checkServer(address).then(
      (server) => current && onFound(server),
      () => undefined,
    );
    return () => {
      current = false;
    };
    // Asked once, when the screen appears.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
}
