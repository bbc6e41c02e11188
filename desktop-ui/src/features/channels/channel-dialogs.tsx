// Renaming, archiving and leaving a channel, saying what it is about, and removing somebody from it.

import { useState, type SyntheticEvent } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Dialog, DialogBody, DialogFoot, Question } from '#ui/dialog.tsx';
import { Field } from '#ui/field.tsx';

import { useArchive, useLeaveChannel, useRemoveMember, useRenameChannel, useSetTopic } from './queries.ts';

const LONGEST_NAME = 80;
const LONGEST_TOPIC = 250;

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

export function TopicDialog({ row, onClose }: ChannelDialogProps) {
  const [topic, setTopic] = useState(row.topic);
  const set = useSetTopic(row.id, onClose);

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (topic.trim() === row.topic) {
      onClose();
    } else if (!set.isPending) {
      set.mutate(topic.trim());
    }
  }

  return (
    <Dialog title={text.details.topicTitle} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field
            label={text.details.topic}
            labelHidden
            hint={text.details.topicHint}
            value={topic}
            onChange={(value) => {
              setTopic(value);
              set.reset();
            }}
            error={set.isError ? errorSentence(set.error) : undefined}
            maxLength={LONGEST_TOPIC}
            focusFirst
          />
        </DialogBody>
        <DialogFoot>
          <Button onPress={onClose}>{text.dialog.cancel}</Button>
          <Button type="submit" weight="primary" busy={set.isPending}>
            {text.details.save}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

export function ArchiveQuestion({ row, onClose }: ChannelDialogProps) {
  const archive = useArchive(row.id, onClose);
  return (
    <Question
      title={text.details.archiveTitle(row.name ?? '')}
      lead={text.details.archiveLead}
      confirm={text.details.archiveConfirm}
      error={archive.isError ? errorSentence(archive.error) : undefined}
      busy={archive.isPending}
      onConfirm={() => archive.mutate(true)}
      onClose={onClose}
    />
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
