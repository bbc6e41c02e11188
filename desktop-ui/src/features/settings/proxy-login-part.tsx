// A name and a password for the proxy on the way. The password goes to the keychain and does not come back.

import { useState, type SyntheticEvent } from 'react';

import type { NetworkView } from '#bridge/device/NetworkView.ts';
import { errorSentence } from '#text/failure.ts';
import { hostName } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { PagePart } from '#ui/page.tsx';

import styles from './connection-page.module.css';
import { useProxyLogin } from './network-queries.ts';

const PLAIN = { autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none', autoCorrect: 'off' } as const;

export function ProxyLoginPart({ proxy, view }: { proxy: string; view: NetworkView }) {
  const say = text.connectionSettings;
  const login = useProxyLogin();
  const [user, setUser] = useState(view.user ?? '');
  const [password, setPassword] = useState('');

  function save(event: SyntheticEvent) {
    event.preventDefault();
    if (user.trim() !== '') {
      login.mutate({ user: user.trim(), password }, { onSuccess: () => setPassword('') });
    }
  }

  return (
    <PagePart title={say.login} lead={say.loginLead(hostName(proxy))}>
      <form className={styles['form']} onSubmit={save} noValidate>
        <Field label={say.user} value={user} onChange={setUser} input={PLAIN} />
        <Field label={say.password} type="password" value={password} onChange={setPassword} input={PLAIN} />
        <div className={styles['buttons']}>
          <Button type="submit" isDisabled={user.trim() === ''} busy={login.isPending}>
            {say.saveLogin}
          </Button>
          {view.user !== null && (
            <Button weight="quiet" onPress={() => login.mutate(null, { onSuccess: () => setUser('') })}>
              {say.forget}
            </Button>
          )}
        </div>
      </form>
      {view.user !== null && <p className={styles['used']}>{say.signedInAs(view.user)}</p>}
      {view.login_for_this_run && <Notice kind="calm">{say.thisRun}</Notice>}
      {login.isError && <Notice kind="danger">{errorSentence(login.error)}</Notice>}
    </PagePart>
  );
}
