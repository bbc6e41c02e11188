// Where one writes: grows with the text, Enter sends, Shift+Enter makes a new line.

import { SendHorizontal } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { Icon } from '#ui/icon.tsx';
import { Notice } from '#ui/notice.tsx';

import styles from './composer.module.css';
import { bytesOf, COUNTED_FROM, LONGEST_BODY } from './length.ts';
import { useSend } from './queries.ts';
import { useDraft } from './use-draft.ts';

interface ComposerProps {
  conversation: ConversationId;
  /** The conversation as it is said in a sentence. */
  name: string;
  initialDraft: string;
}

export function Composer({ conversation, name, initialDraft }: ComposerProps) {
  const { draft, change, flush } = useDraft(conversation, initialDraft);
  const [problem, setProblem] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (area.current !== null) {
      fitHeight(area.current);
    }
  }, [draft]);
  useEffect(() => {
    const element = area.current;
    if (element === null) {
      return;
    }
    // Another width breaks the lines elsewhere; a hidden page has no lines at all until it is shown.
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth !== width) {
        width = element.clientWidth;
        fitHeight(element);
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const takeBack = useCallback(
    (body: string, error: unknown) => {
      setProblem(errorSentence(error));
      const typed = area.current?.value ?? '';
      change(typed === '' ? body : `${body}\n${typed}`);
    },
    [change],
  );
  const send = useSend(conversation, takeBack);

  const bytes = bytesOf(draft);
  const over = bytes - LONGEST_BODY;
  const ready = draft.trim() !== '' && over <= 0;

  function submit() {
    if (!ready) {
      return;
    }
    setProblem(null);
    send(draft);
    change('');
    flush();
    area.current?.focus();
  }

  function press(event: KeyboardEvent) {
    // While an input method composes, Enter chooses a word.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  }

  return (
    <div className={styles['place']}>
      {problem !== null && <Notice kind="danger">{problem}</Notice>}
      <div className={classes(styles['box'], over > 0 && styles['over'])}>
        <textarea
          ref={area}
          className={styles['area']}
          rows={1}
          aria-label={text.composer.label(name)}
          placeholder={text.composer.label(name)}
          aria-invalid={over > 0}
          value={draft}
          onChange={(event) => change(event.target.value)}
          onKeyDown={press}
          // Opening a conversation is for writing in it.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
        <Button
          weight={ready ? 'primary' : 'quiet'}
          size="compact"
          className={styles['send']}
          aria-label={text.composer.send}
          isDisabled={!ready}
          onPress={submit}
        >
          <Icon of={SendHorizontal} />
        </Button>
      </div>
      {bytes >= COUNTED_FROM && (
        <p role="status" className={classes(styles['count'], over > 0 && styles['tooLong'])}>
          {over > 0 ? text.composer.tooLong(over) : text.composer.left(-over)}
        </p>
      )}
    </div>
  );
}

/** As high as its text, up to the limit in the style sheet. */
function fitHeight(area: HTMLTextAreaElement) {
  area.style.blockSize = 'auto';
  if (area.scrollHeight > 0) {
    area.style.blockSize = `${area.scrollHeight}px`;
  }
}
