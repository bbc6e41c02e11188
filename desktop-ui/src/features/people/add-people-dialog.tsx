// Adds people to a channel.

import { useState } from 'react';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '#ui/dialog.tsx';
import { Notice } from '#ui/notice.tsx';

import { PersonPicker } from './person-picker.tsx';
import { useAddMembers } from './queries.ts';

interface AddPeopleDialogProps {
  row: ConversationRow;
  members: ReadonlySet<UserId>;
  onClose: () => void;
}

export function AddPeopleDialog({ row, members, onClose }: AddPeopleDialogProps) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<PersonView[]>([]);
  const add = useAddMembers(row.id, onClose);

  function submit() {
    if (!add.isPending) {
      add.mutate(chosen);
    }
  }

  return (
    <Dialog title={text.people.addTitle(row.name ?? '')} lead={text.people.addLead} onClose={onClose}>
      <DialogBody>
        <PersonPicker
          query={query}
          onQuery={setQuery}
          chosen={chosen}
          onChosen={setChosen}
          onDone={submit}
          without={members}
        />
        {add.isError && <Notice kind="danger">{errorSentence(add.error)}</Notice>}
      </DialogBody>
      <DialogFoot>
        <Button onPress={onClose}>{text.dialog.cancel}</Button>
        <Button
          weight="primary"
          isDisabled={chosen.length === 0}
          busy={add.isPending}
          onPress={submit}
        >
          {chosen.length === 0 ? text.people.add : text.people.addSome(chosen.length)}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
