// All channels one may join, and those one is in.

import { Archive, Hash, Lock, Search } from 'lucide-react';
import { useState } from 'react';

import { useConversations } from '#bridge/context.tsx';
import type { ChannelRow } from '#bridge/generated/ChannelRow.ts';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { failureOf } from '#bridge/host.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Dialog, DialogBody } from '#ui/dialog.tsx';
import { Field } from '#ui/field.tsx';
import { Icon } from '#ui/icon.tsx';
import { Notice } from '#ui/notice.tsx';
import { useSettled } from '#ui/use-settled.ts';

import styles from './browse-channels-dialog.module.css';
import { useFoundChannels, useJoinChannel } from './queries.ts';

interface BrowseChannelsDialogProps {
  onClose: () => void;
  onOpen: (conversation: ConversationId) => void;
  /** Absent for those who may not make channels. */
  onNew: (() => void) | undefined;
}

export function BrowseChannelsDialog({ onClose, onOpen, onNew }: BrowseChannelsDialogProps) {
  const [query, setQuery] = useState('');
  const found = useFoundChannels(useSettled(query.trim()));
  const join = useJoinChannel(onOpen);
  const archived = new Set(useConversations()?.flatMap((row) => (row.archived ? [row.id] : [])));
  return (
    <Dialog title={text.channels.browseTitle} onClose={onClose}>
      <DialogBody>
        <Field
          label={text.channels.search}
          labelHidden
          type="search"
          icon={Search}
          placeholder={text.channels.searchPlaceholder}
          value={query}
          onChange={setQuery}
          focusFirst
          input={{ autoComplete: 'off', spellCheck: 'false' }}
        />
        {join.isError && <Notice kind="danger">{errorSentence(join.error)}</Notice>}
        {found.isError && <p className={styles['empty']}>{browseProblem(found.error)}</p>}
        {found.data?.length === 0 && (
          <div className={styles['empty']}>
            <p>{query.trim() === '' ? text.channels.none : text.channels.noneFound(query.trim())}</p>
            {onNew !== undefined && <Button onPress={onNew}>{text.sidebar.newChannel}</Button>}
          </div>
        )}
        <ul className={styles['list']}>
          {found.data?.map((channel) => (
            <Channel
              key={channel.id}
              channel={channel}
              archived={archived.has(channel.id)}
              busy={join.isPending}
              onOpen={() => onOpen(channel.id)}
              onJoin={() => join.mutate(channel.id)}
            />
          ))}
        </ul>
      </DialogBody>
    </Dialog>
  );
}

function browseProblem(error: unknown): string {
  return failureOf(error)?.reason === 'unreachable' ? text.channels.offline : errorSentence(error);
}

interface ChannelProps {
  channel: ChannelRow;
  archived: boolean;
  busy: boolean;
  onOpen: () => void;
  onJoin: () => void;
}

function Channel({ channel, archived, busy, onOpen, onJoin }: ChannelProps) {
  const member = channel.membership === 'member';
  return (
    <li className={styles['channel']}>
      <Icon of={archived ? Archive : channel.visibility === 'private' ? Lock : Hash} />
      <bdi className={styles['name']}>{channel.name}</bdi>
      <span className={styles['members']}>
        {archived ? text.conversation.archived : text.conversation.members(channel.member_count)}
      </span>
      {member ? (
        <Button weight="quiet" size="compact" aria-label={text.channels.openNamed(channel.name)} onPress={onOpen}>
          {text.channels.open}
        </Button>
      ) : (
        <Button size="compact" busy={busy} aria-label={text.channels.joinNamed(channel.name)} onPress={onJoin}>
          {text.channels.join}
        </Button>
      )}
    </li>
  );
}
