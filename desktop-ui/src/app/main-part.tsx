// What stands beside the list: a conversation, the search, or what mentions the person.

import { useConversations } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { MentionsView } from '#features/found/mentions-view.tsx';
import { SearchView } from '#features/found/search-view.tsx';

import { ConversationView } from './conversation-view.tsx';
import type { OpenDialog } from './dialogs.tsx';
import { NothingOpen } from './nothing-open.tsx';
import type { OpenPane, Place } from './use-place.ts';

interface MainPartProps {
  place: Place;
  workspace: string;
  onPane: (pane: OpenPane | null) => void;
  /** To the list, in a narrow window. */
  onBack: () => void;
  onShow: (dialog: OpenDialog) => void;
  onOpen: (conversation: ConversationId) => void;
  onSettings: () => void;
}

export function MainPart({ place, workspace, onPane, onBack, onShow, onOpen, onSettings }: MainPartProps) {
  const rows = useConversations();
  const row = rows?.find((candidate) => candidate.id === place.conversation);
  if (rows === undefined) {
    return null;
  }
  if (place.view === 'search') {
    return <SearchView from={place.conversation} onBack={onBack} />;
  }
  if (place.view === 'mentions') {
    return <MentionsView onBack={onBack} />;
  }
  if (row === undefined) {
    return (
      <NothingOpen
        workspace={workspace}
        empty={rows.length === 0}
        onNewMessage={() => onShow({ kind: 'new-message' })}
        onBrowse={() => onShow({ kind: 'browse-channels' })}
      />
    );
  }
  return (
    <ConversationView
      key={row.id}
      row={row}
      pane={place.pane}
      onPane={onPane}
      onBack={onBack}
      onAddPeople={(members) => onShow({ kind: 'add-people', row, members })}
      onEditTopic={() => onShow({ kind: 'topic', row })}
      onWrite={(conversation) => {
        onOpen(conversation);
        onPane(null);
      }}
      onSettings={onSettings}
    />
  );
}
