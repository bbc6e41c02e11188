// Second step: whom to mail the code to.

import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { CodeSent } from '#bridge/generated/CodeSent.ts';
import type { ServerInfo } from '#bridge/generated/ServerInfo.ts';
import { codeRequestSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';

import styles from './steps.module.css';

interface EmailStepProps {
  server: ServerInfo;
  email: string;
  onSent: (sent: CodeSent) => void;
  onOtherServer: () => void;
}

export function EmailStep({ server, email: initial, onSent, onOtherServer }: EmailStepProps) {
  const host = useHost();
  const [email, setEmail] = useState(initial);
  const ask = useMutation({
    mutationFn: (address: string) => host.requestCode(server.address, address),
    onSuccess: onSent,
  });

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (email.trim() !== '' && !ask.isPending) {
      ask.mutate(email.trim());
    }
  }

  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <div className={styles['head']}>
        <h1>{text.signIn.email.title(server.workspace)}</h1>
        <p>{text.signIn.email.lead}</p>
      </div>
      <Field
        label={text.signIn.email.label}
        placeholder={text.signIn.email.placeholder}
        type="email"
        value={email}
        onChange={(value) => {
          setEmail(value);
          ask.reset();
        }}
        error={ask.isError ? codeRequestSentence(ask.error) : undefined}
        large
        focusFirst
        input={{ autoComplete: 'email', spellCheck: 'false', autoCapitalize: 'none' }}
      />
      <Button type="submit" weight="primary" size="large" wide isDisabled={email.trim() === ''} busy={ask.isPending}>
        {text.signIn.email.submit}
      </Button>
      <div className={styles['links']}>
        <Button weight="link" onPress={onOtherServer}>
          {text.signIn.email.otherServer}
        </Button>
      </div>
    </form>
  );
}
