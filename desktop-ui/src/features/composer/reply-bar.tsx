// Which message is answered by what is being written.

import { CornerUpLeft, X } from 'lucide-react';

import { usePeople } from '#bridge/context.tsx';
import type { ReplyView } from '#bridge/generated/ReplyView.ts';
import { withNames } from '#text/mentions.ts';
import { personName } from '#text/names.ts';
import { plainText } from '#text/plain-text.ts';
import { text } from '#text/text.ts';
import { IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './reply-bar.module.css';

export function ReplyBar({ reply, onCancel }: { reply: ReplyView; onCancel: () => void }) {
  const people = usePeople();
  const name = reply.author === null ? text.conversation.unknownPerson : personName(people, reply.author);
  return (
    <div className={styles['bar']} role="group" aria-label={text.composer.replyingTo(name)} data-testid="reply-bar">
      <Icon of={CornerUpLeft} />
      <span className={styles['name']}>{text.composer.replyingTo(name)}</span>
      <bdi className={styles['excerpt']}>{plainText(withNames(reply.excerpt ?? '', people))}</bdi>
      <IconButton icon={X} label={text.composer.cancelReply} compact onPress={onCancel} />
    </div>
  );
}
