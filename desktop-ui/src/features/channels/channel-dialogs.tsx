// Renaming and leaving a channel, and removing somebody from it.

import { useState, type SyntheticEvent } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Dialog, DialogBody, DialogFoot, Question } from '#ui/dialog.tsx';
import { Field } from '#ui/field.tsx';

import { useLeaveChannel, useRemoveMember, useRenameChannel } from './queries.ts';

const LONGEST_NAME = 80;

interface ChannelDialogProps {
  row: ConversationRow;
  onClose: () => void;
}

export function RenameDialog({ row, onClose }: ChannelDialogProps) {
  const [name, setName] = useState(row.name ?? '');
  const rename = useRenameChannel(row.id, onClose);
  const trimmed = name.trim().replace(/^#+/u, '').trim();

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (trimmed === row.name) {
      onClose();
    } else if (trimmed !== '') {
      rename.mutate(trimmed);
    }
  }

  return (
    <Dialog title={text.details.renameTitle} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field
            label={text.details.name}
            value={name}
            onChange={setName}
            error={rename.isError ? errorSentence(rename.error) : undefined}
            maxLength={LONGEST_NAME}
            focusFirst
          />
        </DialogBody>
        <DialogFoot>
          <Button onPress={onClose}>{text.dialog.cancel}</Button>
          <Button type="submit" weight="primary" isDisabled={trimmed === ''} busy={rename.isPending}>
            {text.details.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

export function LeaveQuestion({ row, onClose }: ChannelDialogProps) {
  const leave = useLeaveChannel(row.id, onClose);
  return (
    <Question
      title={text.details.leaveTitle(row.name ?? '')}
      lead={row.visibility === 'public' ? text.details.leavePublic : text.details.leavePrivate}
      confirm={text.details.leaveConfirm}
      error={leave.isError ? errorSentence(leave.error) : undefined}
      busy={leave.isPending}
      onConfirm={() => leave.mutate()}
      onClose={onClose}
    />
  );
}

export function RemoveQuestion({ row, person, onClose }: ChannelDialogProps & { person: PersonView }) {
  const remove = useRemoveMember(row.id, onClose);
  return (
    <Question
      title={text.details.removeTitle(person.name)}
      lead={text.details.removeLead(person.name, row.name ?? '')}
      confirm={text.details.removeConfirm}
      error={remove.isError ? errorSentence(remove.error) : undefined}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(person.id)}
      onClose={onClose}
    />
  );
}
