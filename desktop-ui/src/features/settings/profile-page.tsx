// What colleagues see of the person at this window.

import { useState, type SyntheticEvent } from 'react';

import { useMe } from '#bridge/context.tsx';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Choice } from '#ui/choice.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';
import { Page } from '#ui/page.tsx';

import styles from './form.module.css';
import { PicturePart } from './picture-part.tsx';
import { useUpdateProfile } from './queries.ts';
import { timeZones } from './time-zones.ts';

const LONGEST_NAME = 80;

export function ProfilePage() {
  const me = useMe();
  const [name, setName] = useState(me.name);
  const [title, setTitle] = useState(me.title);
  const [timeZone, setTimeZone] = useState(me.time_zone);
  const update = useUpdateProfile();
  const written = { name: name.trim(), title: title.trim(), time_zone: timeZone };
  const changed = written.name !== me.name || written.title !== me.title || written.time_zone !== me.time_zone;

  function save(event: SyntheticEvent) {
    event.preventDefault();
    if (changed && written.name !== '' && !update.isPending) {
      update.mutate(written);
    }
  }

  return (
    <Page title={text.settings.profile.title} lead={text.settings.profile.lead}>
      <PicturePart />
      <form className={styles['form']} onSubmit={save} noValidate>
        <Field
          label={text.settings.profile.name}
          value={name}
          onChange={setName}
          maxLength={LONGEST_NAME}
          error={written.name === '' ? text.settings.profile.nameMissing : undefined}
          input={{ autoComplete: 'name' }}
        />
        <Field
          label={text.settings.profile.jobTitle}
          hint={text.settings.profile.jobTitleHint}
          value={title}
          onChange={setTitle}
          maxLength={LONGEST_NAME}
          input={{ autoComplete: 'organization-title' }}
        />
        <Choice
          label={text.settings.profile.timeZone}
          hint={text.settings.profile.timeZoneHint}
          value={timeZone}
          onChange={setTimeZone}
          options={timeZones(timeZone)}
        />
        <dl className={styles['fixed']}>
          <dt>{text.settings.profile.email}</dt>
          <dd className={styles['value']}>{me.email}</dd>
          <dd className={styles['hint']}>{text.settings.profile.emailHint}</dd>
        </dl>
        {update.isError && <Notice kind="danger">{errorSentence(update.error)}</Notice>}
        <div className={styles['foot']}>
          <Button type="submit" weight="primary" isDisabled={!changed || written.name === ''} busy={update.isPending}>
            {text.settings.save}
          </Button>
          <span role="status" className={styles['done']}>
            {update.isSuccess && !changed ? text.settings.saved : ''}
          </span>
        </div>
      </form>
    </Page>
  );
}
