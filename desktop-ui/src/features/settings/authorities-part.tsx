// A file with certificate authorities that count besides those of the system, and what is wrong with it.

import { useState, type SyntheticEvent } from 'react';

import type { CaFault } from '#bridge/device/CaFault.ts';
import type { NetworkView } from '#bridge/device/NetworkView.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { PagePart } from '#ui/page.tsx';

import styles from './connection-page.module.css';
import { useChooseNetwork } from './network-queries.ts';

const PLAIN = { autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none', autoCorrect: 'off' } as const;

export function AuthoritiesPart({ view }: { view: NetworkView }) {
  const say = text.connectionSettings;
  const choose = useChooseNetwork();
  const [file, setFile] = useState(view.choice.extra_ca_file);

  function save(event: SyntheticEvent) {
    event.preventDefault();
    choose.mutate({ ...view.choice, extra_ca_file: file.trim() });
  }

  return (
    <PagePart title={say.ca} lead={view.ca_decided ? say.decided : say.caLead}>
      {view.ca_decided ? (
        <p>{view.choice.extra_ca_file}</p>
      ) : (
        <form className={styles['form']} onSubmit={save} noValidate>
          <Field label={say.caFile} placeholder={say.caPlaceholder} value={file} onChange={setFile} input={PLAIN} />
          <Button
            type="submit"
            className={styles['save']}
            isDisabled={file.trim() === view.choice.extra_ca_file}
            busy={choose.isPending}
          >
            {say.save}
          </Button>
        </form>
      )}
      {view.ca_fault !== null && <Notice kind="danger">{faultSentence(view.ca_fault)}</Notice>}
      {choose.isError && <Notice kind="danger">{errorSentence(choose.error)}</Notice>}
    </PagePart>
  );
}

function faultSentence({ file, problem }: CaFault): string {
  const say = text.connectionSettings;
  switch (problem.problem) {
    case 'unreadable':
      return say.caUnreadable(file, problem.detail);
    case 'no_certificate':
      return say.caNoCertificate(file);
    case 'broken':
      return say.caBroken(file, problem.number);
  }
}
