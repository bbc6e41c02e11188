// Which proxy is used. Choosing a kind counts at once; an address is saved when it is complete.

import { useState, type SyntheticEvent } from 'react';

import type { NetworkView } from '#bridge/device/NetworkView.ts';
import type { ProxyMode } from '#bridge/device/ProxyMode.ts';
import { failureOf } from '#bridge/host.ts';
import { errorSentence } from '#text/failure.ts';
import { hostName } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { PagePart } from '#ui/page.tsx';
import { Radios } from '#ui/radios.tsx';

import styles from './connection-page.module.css';
import { useChooseNetwork } from './network-queries.ts';

const MODES: readonly ProxyMode[] = ['system', 'none', 'manual'];
const PLAIN = { autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none', autoCorrect: 'off' } as const;

export function ProxyPart({ view }: { view: NetworkView }) {
  const { choice, proxy_in_use: inUse } = view;
  const say = text.connectionSettings;
  const choose = useChooseNetwork();
  const [mode, setMode] = useState(choice.mode);
  const [address, setAddress] = useState(choice.proxy);
  const [bypass, setBypass] = useState(choice.bypass.join(', '));
  const isWrong = failureOf(choose.error)?.reason === 'invalid_address';

  function changeMode(next: ProxyMode) {
    setMode(next);
    choose.reset();
    if (next !== 'manual') {
      choose.mutate({ ...choice, mode: next });
    }
  }

  function save(event: SyntheticEvent) {
    event.preventDefault();
    const hosts = bypass.split(/[\s,;]+/u).filter((host) => host !== '');
    choose.mutate({ ...choice, mode: 'manual', proxy: address.trim(), bypass: hosts });
  }

  const used = inUse === null ? say.straight : say.inUse(hostName(inUse));
  if (view.proxy_decided) {
    return (
      <PagePart title={say.proxy} lead={say.decided}>
        <p>{[say.modes[choice.mode], choice.proxy, choice.bypass.join(', ')].filter((part) => part !== '').join(' · ')}</p>
        <p className={styles['used']}>{used}</p>
      </PagePart>
    );
  }
  return (
    <PagePart title={say.proxy}>
      <Radios<ProxyMode>
        label={say.proxy}
        value={mode}
        onChange={changeMode}
        options={MODES.map((value) => ({ value, label: say.modes[value], hint: say.modeHints[value] }))}
      />
      {mode === 'manual' && (
        <form className={styles['form']} onSubmit={save} noValidate>
          <Field
            label={say.address}
            hint={say.addressHint}
            value={address}
            onChange={setAddress}
            error={isWrong ? say.addressWrong : undefined}
            input={PLAIN}
          />
          <Field label={say.bypass} hint={say.bypassHint} value={bypass} onChange={setBypass} input={PLAIN} />
          <Button type="submit" weight="primary" className={styles['save']} busy={choose.isPending}>
            {say.save}
          </Button>
        </form>
      )}
      {choose.isError && !isWrong && <Notice kind="danger">{errorSentence(choose.error)}</Notice>}
      <p className={styles['used']}>{used}</p>
    </PagePart>
  );
}
