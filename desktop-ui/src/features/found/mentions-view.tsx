// Everything that mentions this person, the newest first.

import { useConversations, usePeople } from '#bridge/context.tsx';
import { failureOf } from '#bridge/host.ts';
import { errorSentence } from '#text/failure.ts';
import { withNames } from '#text/mentions.ts';
import { plainText } from '#text/plain-text.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';

import { FoundList } from './found-list.tsx';
import { FoundMessage } from './found-message.tsx';
import { FoundPage } from './found-page.tsx';
import styles from './found.module.css';
import { useMentions } from './queries.ts';

export function MentionsView({ onBack }: { onBack: () => void }) {
  const people = usePeople();
  const read = new Map(useConversations()?.map((row) => [row.id, row.read_ordinal]));
  const mentions = useMentions();
  const messages = mentions.data?.pages.flatMap((page) => page.messages) ?? [];
  return (
    <FoundPage title={text.mentions.title} onBack={onBack}>
      {mentions.isError && (
        <div className={styles['empty']} role="alert">
          <p>{failureOf(mentions.error)?.reason === 'unreachable' ? text.mentions.offline : errorSentence(mentions.error)}</p>
          <Button onPress={() => void mentions.refetch()}>{text.conversation.tryAgain}</Button>
        </div>
      )}
      {mentions.isSuccess && messages.length === 0 && (
        <div className={styles['empty']}>
          <h2>{text.mentions.empty}</h2>
          <p>{text.mentions.emptyLead}</p>
        </div>
      )}
      <div className={styles['results']}>
        <FoundList label={text.mentions.list}>
          {messages.map((message) => (
            <FoundMessage
              key={`${message.conversation} ${message.seq}`}
              message={message}
              unread={message.ordinal > (read.get(message.conversation) ?? Infinity)}
            >
              {plainText(withNames(message.body, people))}
            </FoundMessage>
          ))}
        </FoundList>
        {mentions.hasNextPage && (
          <Button busy={mentions.isFetchingNextPage} onPress={() => void mentions.fetchNextPage()}>
            {text.mentions.more}
          </Button>
        )}
      </div>
    </FoundPage>
  );
}
