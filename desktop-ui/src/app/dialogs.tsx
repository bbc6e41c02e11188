// The dialog that is open over the main window, if any.

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import type { UserId } from '#bridge/generated/UserId.ts';
import { BrowseChannelsDialog } from '#features/channels/browse-channels-dialog.tsx';
import { LeaveQuestion, TopicDialog } from '#features/channels/channel-dialogs.tsx';
import { NewChannelDialog } from '#features/channels/new-channel-dialog.tsx';
import { AddPeopleDialog } from '#features/people/add-people-dialog.tsx';
import { NewMessageDialog } from '#features/people/new-message-dialog.tsx';
import { SignOutDialog } from '#features/people/sign-out-dialog.tsx';
import { Switcher } from '#features/switcher/switcher.tsx';
import { useAppearance } from '#ui/appearance.ts';

import { KeySheet } from './key-sheet.tsx';

export type OpenDialog =
  | { kind: 'new-message' | 'new-channel' | 'browse-channels' | 'sign-out' | 'keys' }
  | { kind: 'switcher'; open: ConversationId | null; recent: readonly ConversationId[] }
  | { kind: 'topic' | 'leave'; row: ConversationRow }
  | { kind: 'add-people'; row: ConversationRow; members: ReadonlySet<UserId> };

interface DialogsProps {
  open: OpenDialog | null;
  onChange: (dialog: OpenDialog | null) => void;
  onOpenConversation: (conversation: ConversationId) => void;
  /** Whether the person may make channels. */
  mayCreate: boolean;
}

export function Dialogs({ open, onChange, onOpenConversation, mayCreate }: DialogsProps) {
  const { enterSends } = useAppearance();
  const close = () => onChange(null);
  switch (open?.kind) {
    case 'switcher':
      return <Switcher open={open.open} recent={open.recent} onOpen={onOpenConversation} onClose={close} />;
    case 'new-message':
      return <NewMessageDialog onClose={close} onStarted={onOpenConversation} />;
    case 'new-channel':
      return <NewChannelDialog onClose={close} onCreated={onOpenConversation} />;
    case 'browse-channels':
      return (
        <BrowseChannelsDialog
          onClose={close}
          onOpen={onOpenConversation}
          onNew={mayCreate ? () => onChange({ kind: 'new-channel' }) : undefined}
        />
      );
    case 'keys':
      return <KeySheet enterSends={enterSends} onClose={close} />;
    case 'topic':
      return <TopicDialog row={open.row} onClose={close} />;
    case 'leave':
      return <LeaveQuestion row={open.row} onClose={close} />;
    case 'sign-out':
      return <SignOutDialog onClose={close} />;
    case 'add-people':
      return <AddPeopleDialog row={open.row} members={open.members} onClose={close} />;
    case undefined:
      return null;
  }
}
