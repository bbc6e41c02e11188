// First step: where the workspace is.

import { useMutation } from '@tanstack/react-query';
import { useState, type SyntheticEvent } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { ServerInfo } from '#bridge/generated/ServerInfo.ts';
import { failureOf } from '#bridge/host.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';

import { CertificateStep } from './certificate-step.tsx';
import { ANOTHER, isList, OfferedServers, useServerChoice } from './server-choice.tsx';
import styles from './steps.module.css';

interface ServerStepProps {
  address: string;
  onFound: (server: ServerInfo) => void;
  onInvitation: () => void;
  /** To the settings of the connection, which somebody may need before there is any. */
  onSettings: () => void;
}

export function ServerStep({ address: initial, onFound, onInvitation, onSettings }: ServerStepProps) {
  const host = useHost();
  const choice = useServerChoice();
  const [typed, setTyped] = useState(initial);
  const [picked, setPicked] = useState<string>();
  const isOffered = choice.offered.includes(initial);
  // A server that was used before and is not offered stays in the field, where others are allowed.
  const isOther = choice.others && initial !== '' && !isOffered;
  const chosen = picked ?? (isOffered ? initial : isOther ? ANOTHER : (choice.offered[0] ?? ANOTHER));
  const isTyped = !isList(choice) || chosen === ANOTHER;
  const address = isTyped ? typed : chosen;
  const check = useMutation({ mutationFn: (asked: string) => host.checkServer(asked), onSuccess: onFound });

  const failure = failureOf(check.error);
  if (failure?.reason === 'certificate_not_trusted') {
    return (
      <CertificateStep
        address={failure.address}
        certificate={failure.certificate}
        busy={check.isPending}
        onTryAgain={() => check.mutate(address.trim())}
        onOtherServer={() => check.reset()}
        onSettings={onSettings}
      />
    );
  }

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
      {isList(choice) && (
        <OfferedServers
          choice={choice}
          chosen={chosen}
          onChoose={(server) => {
            setPicked(server);
            check.reset();
          }}
        />
      )}
      {isTyped && <Field
        label={text.signIn.server.label}
        placeholder={text.signIn.server.placeholder}
        value={typed}
        onChange={(value) => {
          setTyped(value);
          check.reset();
        }}
        error={check.isError ? errorSentence(check.error) : undefined}
        large
        focusFirst
        input={{ inputMode: 'url', autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none', autoCorrect: 'off' }}
      />}
      {!isTyped && check.isError && <Notice kind="danger">{errorSentence(check.error)}</Notice>}
      <Button type="submit" weight="primary" size="large" wide isDisabled={address.trim() === ''} busy={check.isPending}>
        {text.signIn.server.submit}
      </Button>
      <div className={styles['links']}>
        <Button weight="link" onPress={onInvitation}>
          {text.signIn.server.invitation}
        </Button>
        <Button weight="link" onPress={onSettings}>
          {text.certificate.settings}
        </Button>
      </div>
    </form>
  );
}
