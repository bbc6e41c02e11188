// The server's certificate is not trusted: why, whose it is, and who can put it right. There is no way around it.

import type { CertificateFault } from '#bridge/generated/CertificateFault.ts';
import { certificateFacts, certificateReason, hostName } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Facts } from '#ui/facts.tsx';
import { Notice } from '#ui/notice.tsx';

import styles from './steps.module.css';

interface CertificateStepProps {
  address: string;
  certificate: CertificateFault;
  busy: boolean;
  onTryAgain: () => void;
  onOtherServer: () => void;
  onSettings: () => void;
}

export function CertificateStep(props: CertificateStepProps) {
  const { address, certificate, busy, onTryAgain, onOtherServer, onSettings } = props;
  const say = text.certificate;
  const facts = certificateFacts(address, certificate);
  const reason = certificateReason(certificate);
  const copied = [{ name: say.problem, value: reason }, ...facts].map(({ name, value }) => `${name}: ${value}`).join('\n');
  return (
    <div className={styles['form']}>
      <div className={styles['head']}>
        <h1>{say.title(hostName(address))}</h1>
        <p>{say.lead}</p>
      </div>
      <Notice kind="danger">{reason}</Notice>
      <Facts label={say.details} facts={facts} />
      <Button weight="primary" size="large" wide busy={busy} onPress={onTryAgain}>
        {say.tryAgain}
      </Button>
      <div className={styles['links']}>
        <Button weight="link" onPress={onOtherServer}>
          {text.signIn.email.otherServer}
        </Button>
        <Button weight="link" onPress={onSettings}>
          {say.settings}
        </Button>
        <CopyButton text={copied} label={say.copy} done={say.copied} />
      </div>
    </div>
  );
}
