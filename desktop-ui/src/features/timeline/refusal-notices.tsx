// What could not be done to a message, over the end of the timeline until it is dismissed.

import { CircleAlert, X } from 'lucide-react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { useRefusals, type Refusal } from '#bridge/refusals.ts';
import { useWriting } from '#bridge/writing.ts';
import { failureSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import { useMessageActions } from './actions.ts';
import styles from './refusal-notices.module.css';

export function RefusalNotices({ conversation }: { conversation: ConversationId }) {
  const [refusals, dismiss] = useRefusals(conversation);
  const [, changeWriting] = useWriting(conversation);
  const { jump } = useMessageActions();

  function goOn({ id, seq, act }: Refusal) {
    if (act.act === 'edit') {
      changeWriting({ editing: { seq, body: act.body, from: 'message' } });
    } else {
      jump(seq);
    }
    dismiss(id);
  }

  if (refusals.length === 0) {
    return null;
  }
  return (
    <div className={styles['place']} role="region" aria-label={text.timeline.notices}>
      {refusals.map((refusal) => (
        <div key={refusal.id} role="alert" className={styles['notice']}>
          <Icon of={CircleAlert} />
          <p>
            {text.timeline.refused[refusal.act.act]}{' '}
            {refusal.failure === null ? text.failure.unexpected : failureSentence(refusal.failure)}
          </p>
          <Button weight="link" size="compact" onPress={() => goOn(refusal)}>
            {refusal.act.act === 'edit' ? text.timeline.editAgain : text.timeline.showMessage}
          </Button>
          <IconButton icon={X} label={text.timeline.dismiss} compact onPress={() => dismiss(refusal.id)} />
        </div>
      ))}
    </div>
  );
}
