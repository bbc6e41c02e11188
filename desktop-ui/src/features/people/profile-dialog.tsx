// What colleagues see of the person at this window, and the way out.

import { useState, type SyntheticEvent } from 'react';

import { useMe, useSession } from '#bridge/context.tsx';
import { errorSentence, hostName } from '#text/failure.ts';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Button } from '#ui/button.tsx';
import { Choice } from '#ui/choice.tsx';
import { Dialog, DialogBody, DialogFoot } from '#ui/dialog.tsx';
import { Field } from '#ui/field.tsx';
import { Notice } from '#ui/notice.tsx';

import styles from './profile-dialog.module.css';
import { useUpdateProfile } from './queries.ts';
import { timeZones } from './time-zones.ts';

const LONGEST_NAME = 80;

interface ProfileDialogProps {
  onClose: () => void;
  onSignOut: () => void;
}

export function ProfileDialog({ onClose, onSignOut }: ProfileDialogProps) {
  const me = useMe();
  const session = useSession();
  const [name, setName] = useState(me.name);
  const [title, setTitle] = useState(me.title);
  const [timeZone, setTimeZone] = useState(me.time_zone);
  const update = useUpdateProfile(onClose);

  function save(event: SyntheticEvent) {
    event.preventDefault();
    update.mutate({ name: name.trim(), title: title.trim(), time_zone: timeZone });
  }

  return (
    <Dialog title={text.profile.title} onClose={onClose}>
      <form onSubmit={save} noValidate>
        <DialogBody>
          <div className={styles['who']}>
            <Avatar id={me.id} letters={initials(name)} />
            <div>
              <p>{me.email}</p>
              {session?.phase === 'signed_in' && (
                <p className={styles['server']}>{text.profile.signedInAt(hostName(session.server))}</p>
              )}
            </div>
          </div>
          <Field label={text.profile.name} value={name} onChange={setName} maxLength={LONGEST_NAME} focusFirst />
          <Field
            label={text.profile.jobTitle}
            hint={text.profile.jobTitleHint}
            value={title}
            onChange={setTitle}
            maxLength={LONGEST_NAME}
          />
          <Choice
            label={text.profile.timeZone}
            hint={text.profile.timeZoneHint}
            value={timeZone}
            onChange={setTimeZone}
            options={timeZones(timeZone)}
          />
          {update.isError && <Notice kind="danger">{errorSentence(update.error)}</Notice>}
        </DialogBody>
        <DialogFoot>
          <Button weight="quiet" className={styles['signOut']} onPress={onSignOut}>
            {text.sidebar.signOut}
          </Button>
          <Button onPress={onClose}>{text.dialog.cancel}</Button>
          <Button type="submit" weight="primary" isDisabled={name.trim() === ''} busy={update.isPending}>
            {text.profile.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
