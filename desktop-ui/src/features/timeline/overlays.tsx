// What is open over the timeline for one of its messages: the menu, the emoji, the question before a deletion.

import { useLiveCache } from '#bridge/context.tsx';
import type { People } from '#bridge/live-cache.ts';
import { heldMessage, type Timeline } from '#bridge/timeline.ts';
import { personName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Question } from '#ui/dialog.tsx';

import { useMessageActions } from './actions.ts';
import { MessageMenu } from './message-menu.tsx';
import { ReactionPicker } from './reaction-picker.tsx';
import type { Opened } from './use-actions.ts';

interface OverlaysProps {
  opened: Opened;
  timeline: Timeline;
  people: People;
  /** `only` closes that and leaves what came after it. */
  onClose: (only: Opened) => void;
  focusMessage: (seq: number) => void;
}

export function Overlays({ opened, timeline, people, onClose, focusMessage }: OverlaysProps) {
  const live = useLiveCache();
  const { react } = useMessageActions();
  if (opened === null) {
    return null;
  }
  // It may have changed since.
  const message = heldMessage(timeline, opened.message.seq) ?? opened.message;

  function closeToMessage() {
    onClose(opened);
    focusMessage(message.seq);
  }

  switch (opened.kind) {
    case 'menu':
      return (
        <MessageMenu
          message={message}
          author={personName(people, message.author)}
          at={opened.at}
          onClose={() => onClose(opened)}
        />
      );
    case 'picker':
      return (
        <ReactionPicker
          at={opened.at}
          onChoose={(emoji) => {
            react(message, emoji, true);
            closeToMessage();
          }}
          onClose={() => onClose(opened)}
        />
      );
    case 'delete':
      return (
        <Question
          title={text.timeline.deleteTitle}
          lead={text.timeline.deleteLead}
          confirm={text.timeline.deleteConfirm}
          onConfirm={() => {
            void live.acts.act(message.conversation, message.seq, { act: 'delete' });
            closeToMessage();
          }}
          onClose={closeToMessage}
        />
      );
  }
}
