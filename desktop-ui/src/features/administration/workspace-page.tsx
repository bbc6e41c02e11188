// How the workspace is set up: its name, who may sign in, who may make channels.

import { useState, type SyntheticEvent } from 'react';

import type { ChannelCreation } from '#bridge/generated/ChannelCreation.ts';
import type { WorkspaceSettings } from '#bridge/generated/WorkspaceSettings.ts';
import { errorSentence, pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Notice } from '#ui/notice.tsx';
import { Page } from '#ui/page.tsx';
import { Radios } from '#ui/radios.tsx';

import { DomainList } from './domain-list.tsx';
import { useChangeSettings, useSettings } from './queries.ts';
import { settingsChange } from './settings-change.ts';
import styles from './workspace-page.module.css';

const LONGEST_NAME = 80;

export function WorkspacePage() {
  const settings = useSettings();
  return (
    <Page title={text.administration.workspace.title} lead={text.administration.workspace.lead}>
      <Loaded
        data={settings.data}
        problem={settings.isError ? pageProblem(settings.error) : undefined}
        onTryAgain={() => void settings.refetch()}
      >
        {(held) => <WorkspaceForm settings={held} />}
      </Loaded>
    </Page>
  );
}

function WorkspaceForm({ settings }: { settings: WorkspaceSettings }) {
  const [name, setName] = useState(settings.name);
  const [domains, setDomains] = useState<readonly string[]>(settings.sign_in_domains);
  const [creation, setCreation] = useState<ChannelCreation>(settings.channel_creation);
  const save = useChangeSettings();
  const change = settingsChange(settings, { name: name.trim(), domains, creation });
  const nameMissing = name.trim() === '';

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (change !== null && !nameMissing && !save.isPending) {
      save.mutate(change, {
        onSuccess: (saved) => {
          setName(saved.name);
          setDomains(saved.sign_in_domains);
        },
      });
    }
  }

  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <Field
        label={text.administration.workspace.name}
        value={name}
        onChange={setName}
        maxLength={LONGEST_NAME}
        error={nameMissing ? text.administration.workspace.nameMissing : undefined}
        input={{ autoComplete: 'off' }}
      />
      <DomainList domains={domains} onChange={setDomains} anyDomain={settings.any_domain} />
      <Radios<ChannelCreation>
        label={text.administration.workspace.channelCreation}
        value={creation}
        onChange={setCreation}
        options={[
          {
            value: 'everyone',
            label: text.administration.workspace.everyone,
            hint: text.administration.workspace.everyoneHint,
          },
          {
            value: 'administrators',
            label: text.administration.workspace.administrators,
            hint: text.administration.workspace.administratorsHint,
          },
        ]}
      />
      {save.isError && <Notice kind="danger">{errorSentence(save.error)}</Notice>}
      <div className={styles['foot']}>
        <Button type="submit" weight="primary" isDisabled={change === null || nameMissing} busy={save.isPending}>
          {text.administration.workspace.save}
        </Button>
        <span role="status" className={styles['done']}>
          {save.isSuccess && change === null ? text.administration.workspace.saved : ''}
        </span>
      </div>
    </form>
  );
}
