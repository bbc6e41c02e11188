// The dialog that is open over the main window, if any.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { BrowseChannelsDialog } from '#features/channels/browse-channels-dialog.tsx';
import { NewChannelDialog } from '#features/channels/new-channel-dialog.tsx';
import { AddPeopleDialog } from '#features/people/add-people-dialog.tsx';
import { NewMessageDialog } from '#features/people/new-message-dialog.tsx';
import { ProfileDialog } from '#features/people/profile-dialog.tsx';
import { SignOutDialog } from '#features/people/sign-out-dialog.tsx';

export type OpenDialog =
  | { kind: 'new-message' | 'new-channel' | 'browse-channels' | 'profile' | 'sign-out' }
  | { kind: 'add-people'; row: ConversationRow; members: ReadonlySet<UserId> };

interface DialogsProps {
  open: OpenDialog | null;
  onChange: (dialog: OpenDialog | null) => void;
  onOpenConversation: (conversation: ConversationId) => void;
}

export function Dialogs({ open, onChange, onOpenConversation }: DialogsProps) {
  const close = () => onChange(null);
  switch (open?.kind) {
    case 'new-message':
      return <NewMessageDialog onClose={close} onStarted={onOpenConversation} />;
    case 'new-channel':
      return <NewChannelDialog onClose={close} onCreated={onOpenConversation} />;
    case 'browse-channels':
      return (
        <BrowseChannelsDialog
          onClose={close}
          onOpen={onOpenConversation}
          onNew={() => onChange({ kind: 'new-channel' })}
        />
      );
    case 'profile':
      return <ProfileDialog onClose={close} onSignOut={() => onChange({ kind: 'sign-out' })} />;
    case 'sign-out':
      return <SignOutDialog onClose={close} />;
    case 'add-people':
      return <AddPeopleDialog row={open.row} members={open.members} onClose={close} />;
    case undefined:
      return null;
  }
}
