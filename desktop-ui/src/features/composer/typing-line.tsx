// Who types just now. Its place is always there, so nothing moves when somebody begins.

import { useMe, usePeople, useTyping } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { personName } from '#text/names.ts';
import { text } from '#text/text.ts';

import styles from './typing-line.module.css';

export function TypingLine({ conversation }: { conversation: ConversationId }) {
  const me = useMe();
  const people = usePeople();
  const names = useTyping(conversation)
    .filter((person) => person !== me.id)
    .map((person) => personName(people, person));
  const words = typingText(names);
  return (
    <p className={styles['line']} data-testid="typing">
      {words !== '' && (
        <>
          <span className={styles['dots']} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          <span className={styles['words']}>{words}</span>
        </>
      )}
    </p>
  );
}

export function typingText(names: readonly string[]): string {
  const [one, other] = names;
  if (one === undefined) {
    return '';
  }
  if (other === undefined) {
    return text.timeline.typing.one(one);
  }
  return names.length === 2 ? text.timeline.typing.two(one, other) : text.timeline.typing.several;
}
