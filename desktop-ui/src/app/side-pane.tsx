// What stands beside a conversation: its details, what is pinned in it, or a person.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { useNavigation } from '#bridge/navigation.tsx';
import { DetailsPane } from '#features/channels/details-pane.tsx';
import { PinsPane } from '#features/conversations/pins-pane.tsx';
import { Markdown } from '#features/timeline/markdown.tsx';

import { PersonPane } from './person-pane.tsx';
import type { OpenPane } from './use-place.ts';

interface SidePaneProps {
  row: ConversationRow;
  pane: OpenPane;
  onPane: (pane: OpenPane | null) => void;
  onAddPeople: (members: ReadonlySet<UserId>) => void;
  onWrite: (conversation: ConversationId) => void;
  onSettings: () => void;
}

export function SidePane({ row, pane, onPane, onAddPeople, onWrite, onSettings }: SidePaneProps) {
  const { openMessage, openPerson } = useNavigation();
  const close = () => onPane(null);
  switch (pane.kind) {
    case 'details':
      return <DetailsPane row={row} onClose={close} onAddPeople={onAddPeople} onOpenPerson={openPerson} />;
    case 'pins':
      return (
        <PinsPane
          row={row}
          draw={(body) => <Markdown body={body} />}
          onJump={(seq) => openMessage(row.id, seq)}
          onClose={close}
        />
      );
    case 'person':
      return <PersonPane person={pane.person} onClose={close} onWrite={onWrite} onEditProfile={onSettings} />;
  }
}
