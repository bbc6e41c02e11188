// First step: where the workspace is.

import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { ServerInfo } from '#bridge/generated/ServerInfo.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';

import styles from './steps.module.css';

interface ServerStepProps {
  address: string;
  onFound: (server: ServerInfo) => void;
  onInvitation: () => void;
}

export function ServerStep({ address: initial, onFound, onInvitation }: ServerStepProps) {
  const host = useHost();
  const [address, setAddress] = useState(initial);
  const check = useMutation({ mutationFn: (asked: string) => host.checkServer(asked), onSuccess: onFound });

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (address.trim() !== '' && !check.isPending) {
      check.mutate(address.trim());
    }
  }

  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <div className={styles['head']}>
        <h1>{text.signIn.server.title}</h1>
        <p>{text.signIn.server.lead}</p>
      </div>
      <Field
        label={text.signIn.server.label}
        placeholder={text.signIn.server.placeholder}
        value={address}
        onChange={(value) => {
          setAddress(value);
          check.reset();
        }}
        error={check.isError ? errorSentence(check.error) : undefined}
        large
        focusFirst
        input={{ inputMode: 'url', autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none', autoCorrect: 'off' }}
      />
      <Button type="submit" weight="primary" size="large" wide isDisabled={address.trim() === ''} busy={check.isPending}>
        {text.signIn.server.submit}
      </Button>
      <div className={styles['links']}>
        <Button weight="link" onPress={onInvitation}>
          {text.signIn.server.invitation}
        </Button>
      </div>
    </form>
  );
}
