// Third step: the code from the mail. The sixth digit sends it.

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { CodeSent } from '#bridge/generated/CodeSent.ts';
import type { ServerInfo } from '#bridge/generated/ServerInfo.ts';
import type { Session } from '#bridge/generated/Session.ts';
import { codeRequestSentence, errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import { useSecondsUntil } from '#ui/use-now.ts';

import { CodeInput } from './code-input.tsx';
import { complete, NO_DIGITS } from './code.ts';
import styles from './steps.module.css';

interface CodeStepProps {
  server: ServerInfo;
  sent: CodeSent;
  onResent: (sent: CodeSent) => void;
  onSignedIn: (session: Session) => void;
  onOtherEmail: () => void;
}

export function CodeStep({ server, sent, onResent, onSignedIn, onOtherEmail }: CodeStepProps) {
  const host = useHost();
  const [digits, setDigits] = useState(NO_DIGITS);
  const [attempt, setAttempt] = useState(0);
  const wait = useSecondsUntil(sent.resend_at);

  const signIn = useMutation({
    mutationFn: (code: string) => host.signIn(code),
    onSuccess: onSignedIn,
    onError: () => startOver(),
  });
  const resend = useMutation({
    mutationFn: () => host.requestCode(server.address, sent.email),
    onSuccess: (fresh) => {
      signIn.reset();
      startOver();
      onResent(fresh);
    },
  });

  /** Empty boxes with the focus in the first. */
  function startOver() {
    setDigits(NO_DIGITS);
    setAttempt((count) => count + 1);
  }

  function change(next: string[]) {
    setDigits(next);
    const code = complete(next);
    if (code !== null && !signIn.isPending) {
      signIn.mutate(code);
    } else if (signIn.isError) {
      signIn.reset();
    }
  }

  const problem = signIn.isError
    ? errorSentence(signIn.error)
    : resend.isError
      ? codeRequestSentence(resend.error)
      : null;

  return (
    <div className={styles['form']}>
      <div className={styles['head']}>
        <h1>{text.signIn.code.title}</h1>
        <p id="code-lead">{text.signIn.code.lead(sent.email)}</p>
      </div>
      <CodeInput
        key={attempt}
        digits={digits}
        onChange={change}
        invalid={signIn.isError}
        readOnly={signIn.isPending}
        describedBy="code-lead"
      />
      {problem !== null && <Notice kind="danger">{problem}</Notice>}
      {problem === null && (
        <p role="status" className={styles['status']}>
          {signIn.isPending ? text.signIn.code.checking : resend.isSuccess ? text.signIn.code.resent : ''}
        </p>
      )}
      <div className={styles['links']}>
        <Button weight="link" isDisabled={wait > 0} busy={resend.isPending} onPress={() => resend.mutate()}>
          {wait > 0 ? text.signIn.code.resendIn(wait) : text.signIn.code.resend}
        </Button>
        <Button weight="link" onPress={onOtherEmail}>
          {text.signIn.code.otherEmail}
        </Button>
      </div>
    </div>
  );
}
