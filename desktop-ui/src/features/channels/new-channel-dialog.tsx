// Makes a channel: its name and who can find it.

import { useState, type SyntheticEvent } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { Visibility } from '#bridge/generated/Visibility.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '#ui/dialog.tsx';
import { Field } from '#ui/field.tsx';
import { Radios } from '#ui/radios.tsx';

import { useCreateChannel } from './queries.ts';

const LONGEST_NAME = 80;

interface NewChannelDialogProps {
  onClose: () => void;
  onCreated: (conversation: ConversationId) => void;
}

export function NewChannelDialog({ onClose, onCreated }: NewChannelDialogProps) {
  const [name, setName] = useState('');
  const [visibility, setVisibility] = useState<Visibility>('public');
  const create = useCreateChannel(onCreated);
  const trimmed = name.trim().replace(/^#+/u, '').trim();

  function submit(event: SyntheticEvent) {
    event.preventDefault();
    if (trimmed !== '' && !create.isPending) {
      create.mutate({ name: trimmed, visibility });
    }
  }

  return (
    <Dialog title={text.channels.newTitle} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <DialogBody>
          <Field
            label={text.channels.name}
            placeholder={text.channels.namePlaceholder}
            value={name}
            onChange={(value) => {
              setName(value);
              create.reset();
            }}
            error={create.isError ? errorSentence(create.error) : undefined}
            maxLength={LONGEST_NAME}
            focusFirst
          />
          <Radios
            label={text.channels.visibility}
            value={visibility}
            onChange={setVisibility}
            options={[
              { value: 'public', label: text.channels.public, hint: text.channels.publicHint },
              { value: 'private', label: text.channels.private, hint: text.channels.privateHint },
            ]}
          />
        </DialogBody>
        <DialogFoot>
          <Button onPress={onClose}>{text.dialog.cancel}</Button>
          <Button type="submit" weight="primary" isDisabled={trimmed === ''} busy={create.isPending}>
            {text.channels.create}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
