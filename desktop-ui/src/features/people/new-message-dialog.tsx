// Starts a conversation with one person, or a group with several.

import { useState } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '#ui/dialog.tsx';
import { Notice } from '#ui/notice.tsx';

import { PersonPicker } from './person-picker.tsx';
import { useStartConversation } from './queries.ts';

interface NewMessageDialogProps {
  onClose: () => void;
  onStarted: (conversation: ConversationId) => void;
}

export function NewMessageDialog({ onClose, onStarted }: NewMessageDialogProps) {
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<PersonView[]>([]);
  const start = useStartConversation(onStarted);

  function submit() {
    if (!start.isPending) {
      start.mutate(chosen.map((person) => person.id));
    }
  }

  return (
    <Dialog title={text.people.newTitle} lead={text.people.newLead} onClose={onClose}>
      <DialogBody>
        <PersonPicker query={query} onQuery={setQuery} chosen={chosen} onChosen={setChosen} onDone={submit} />
        {start.isError && <Notice kind="danger">{errorSentence(start.error)}</Notice>}
      </DialogBody>
      <DialogFoot>
        <Button onPress={onClose}>{text.dialog.cancel}</Button>
        <Button
          weight="primary"
          isDisabled={chosen.length === 0}
          busy={start.isPending}
          onPress={submit}
        >
          {chosen.length > 1 ? text.people.startGroup(chosen.length + 1) : text.people.start}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
