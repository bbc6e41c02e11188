// The message that this one answers, in one line above it; a press goes there.

import { CornerUpRight } from 'lucide-react';

import type { ReplyView } from '#bridge/generated/ReplyView.ts';
import type { People } from '#bridge/live-cache.ts';
import { withNames } from '#text/mentions.ts';
import { personName } from '#text/names.ts';
import { plainText } from '#text/plain-text.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Hidden } from '#ui/hidden.tsx';
import { Icon } from '#ui/icon.tsx';

import { useMessageActions } from './actions.ts';
import styles from './quote.module.css';

export function Quote({ reply, people, reachable }: { reply: ReplyView; people: People; reachable: boolean }) {
  const { jump } = useMessageActions();
  const author = reply.author === null ? null : personName(people, reply.author);
  const excerpt = reply.deleted ? text.timeline.quoteDeleted : (reply.excerpt ?? text.timeline.quoteUnknown);
  return (
    <Button
      weight="quiet"
      className={styles['quote']}
      excludeFromTabOrder={!reachable}
      onPress={() => jump(reply.seq)}
    >
      <Icon of={CornerUpRight} className={styles['sign']} />
      <Hidden>{text.timeline.inAnswerTo}</Hidden>
      {author !== null && <bdi className={styles['author']}>{author}</bdi>}
      <bdi className={styles['excerpt']} data-plain={reply.deleted || reply.excerpt === null}>
        {plainText(withNames(excerpt, people))}
      </bdi>
    </Button>
  );
}
