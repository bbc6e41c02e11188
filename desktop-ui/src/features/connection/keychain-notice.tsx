// Said once per run: without a keychain the session ends with the app.

import { KeyRound, X } from 'lucide-react';
import { useState } from 'react';

import type { Keychain } from '#bridge/generated/Keychain.ts';
import { text } from '#text/text.ts';
import { IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './keychain-notice.module.css';

export function KeychainNotice({ keychain }: { keychain: Keychain }) {
  const [dismissed, setDismissed] = useState(false);
  if (keychain === 'kept' || dismissed) {
    return null;
  }
  return (
    <div role="status" className={styles['notice']} data-testid="keychain-notice">
      <Icon of={KeyRound} />
      <p>{keychain === 'missing' ? text.keychain.missing : text.keychain.locked}</p>
      <IconButton icon={X} label={text.keychain.dismiss} compact onPress={() => setDismissed(true)} />
    </div>
  );
}
