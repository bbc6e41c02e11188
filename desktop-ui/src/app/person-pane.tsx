// A person beside the conversation.

import { usePeople } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { ProfileCard } from '#features/people/profile-card.tsx';
import { text } from '#text/text.ts';
import { Pane } from '#ui/pane.tsx';

interface PersonPaneProps {
  person: UserId;
  onClose: () => void;
  onWrite: (conversation: ConversationId) => void;
  onEditProfile: () => void;
}

export function PersonPane({ person, onClose, onWrite, onEditProfile }: PersonPaneProps) {
  const view = usePeople().get(person);
  return (
    <Pane title={text.details.region} closeLabel={text.details.close} onClose={onClose}>
      {view === undefined ? (
        <p>{text.card.unknown}</p>
      ) : (
        <ProfileCard person={view} onWrite={onWrite} onEditProfile={onEditProfile} />
      )}
    </Pane>
  );
}
