// Stands where the composer would be when the person cannot write here.

import { useMutation } from '@tanstack/react-query';

import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';

import styles from './not-a-member.module.css';
import { useJoin } from './queries.ts';

export function NotAMember({ row }: { row: ConversationRow }) {
  const join = useMutation({ mutationFn: useJoin(row.id) });
  const joinable = row.kind === 'channel' && row.visibility === 'public';
  return (
    <div className={styles['place']}>
      <p>{joinable ? text.composer.notMember(row.name ?? '') : text.composer.noLongerMember}</p>
      {joinable && (
        <Button weight="primary" busy={join.isPending} onPress={() => join.mutate()}>
          {text.composer.join}
        </Button>
      )}
      {join.isError && <p role="alert">{errorSentence(join.error)}</p>}
    </div>
  );
}
