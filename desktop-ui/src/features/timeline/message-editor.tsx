// Edits a message in its place. Enter saves, Escape leaves it as it was; what is typed survives a look elsewhere.

import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react';

import { bytesOf, COUNTED_FROM, LONGEST_BODY } from '#bridge/body-length.ts';
import { usePeople } from '#bridge/context.tsx';
import type { MessageView } from '#bridge/generated/MessageView.ts';
import { encoded, readable } from '#text/mention-draft.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { useFitHeight } from '#ui/fit-height.ts';
import { focusWhenShown } from '#ui/focus.ts';
import { means } from '#ui/keys/press.ts';
import { useSendKey } from '#ui/send-key.ts';

import { useMessageActions } from './actions.ts';
import styles from './message-editor.module.css';

interface MessageEditorProps {
  message: MessageView;
  initial: string;
  focus: boolean;
}

export function MessageEditor({ message, initial, focus }: MessageEditorProps) {
  const { endEdit, keepEdit } = useMessageActions();
  const people = usePeople();
  const [{ words, labels }, setWritten] = useState(() => readable(initial, people));
  const body = encoded({ words, labels });
  const area = useRef<HTMLTextAreaElement>(null);
  const ended = useRef(false);
  useFitHeight(area, words);

  useEffect(() => {
    const element = area.current;
    if (element === null || !focus) {
      return;
    }
    element.setSelectionRange(element.value.length, element.value.length);
    return focusWhenShown(element);
  }, [focus]);

  const keep = useEffectEvent(() => {
    if (!ended.current) {
      keepEdit(message, body);
    }
  });
  useEffect(() => () => keep(), []);

  const sends = useSendKey();
  const bytes = bytesOf(body);
  const over = bytes - LONGEST_BODY;
  const ready = body.trim() !== '' && over <= 0;

  function end(result: string | null) {
    ended.current = true;
    endEdit(message, result === message.body ? null : result);
  }

  function press(event: KeyboardEvent) {
    // Keys of the list are not those of a text.
    event.stopPropagation();
    if (sends(event) && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (ready) {
        end(body);
      }
    } else if (means(event, 'close')) {
      event.preventDefault();
      end(null);
    }
  }

  return (
    <div className={styles['editor']}>
      <textarea
        ref={area}
        className={styles['area']}
        rows={1}
        dir="auto"
        aria-label={text.timeline.editLabel}
        aria-invalid={over > 0}
        spellCheck
        value={words}
        onChange={(event) => setWritten({ words: event.target.value, labels })}
        onKeyDown={press}
      />
      <div className={styles['foot']}>
        {bytes >= COUNTED_FROM && (
          <span role="status" className={styles['count']} data-over={over > 0}>
            {over > 0 ? text.composer.tooLong(over) : text.composer.left(-over)}
          </span>
        )}
        <Button size="compact" onPress={() => end(null)}>
          {text.timeline.cancelEdit}
        </Button>
        <Button size="compact" weight="primary" isDisabled={!ready} onPress={() => end(body)}>
          {text.timeline.saveEdit}
        </Button>
      </div>
    </div>
  );
}
