// Where one writes: grows with the text, Enter sends, Shift+Enter makes a new line.

import { useCallback, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { bytesOf, COUNTED_FROM, LONGEST_BODY } from '#bridge/body-length.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { useWriting } from '#bridge/writing.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';
import { useFitHeight } from '#ui/fit-height.ts';
import { Notice } from '#ui/notice.tsx';
import { useSendKey } from '#ui/send-key.ts';

import { Completions, optionId } from './completions.tsx';
import { ComposerTools } from './composer-tools.tsx';
import styles from './composer.module.css';
import { Preview } from './preview.tsx';
import { useEditLast, useSayTyping, useSend } from './queries.ts';
import { ReplyBar } from './reply-bar.tsx';
import { TypingLine } from './typing-line.tsx';
import { useCaret } from './use-caret.ts';
import { useCompletion } from './use-completion.ts';
import { useDraft } from './use-draft.ts';

interface ComposerProps {
  row: ConversationRow;
  /** The conversation as it is said in a sentence. */
  name: string;
  initialDraft: string;
  /** Shows a text as others will see it. */
  preview: (body: string) => ReactNode;
}

export function Composer({ row, name, initialDraft, preview }: ComposerProps) {
  const { draft, change, flush } = useDraft(row.id, initialDraft);
  const [problem, setProblem] = useState<string | null>(null);
  const [previewing, setPreviewing] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const [{ reply, focusAsked }, changeWriting] = useWriting(row.id);
  const sayTyping = useSayTyping(row.id);
  const editLast = useEditLast(row.id);
  const insert = useCaret(row.id, area, draft, change);
  const completion = useCompletion(area, draft, insert);
  useFitHeight(area, draft);

  const [asked, setAsked] = useState(focusAsked);
  if (focusAsked !== asked) {
    // Whoever is to write sees what they write in.
    setAsked(focusAsked);
    setPreviewing(false);
  }

  const takeBack = useCallback(
    (body: string, error: unknown) => {
      setProblem(errorSentence(error));
      const typed = area.current?.value ?? '';
      change(typed === '' ? body : `${body}\n${typed}`);
    },
    [change],
  );
  const send = useSend(row.id, takeBack);
  const sends = useSendKey();

  const bytes = bytesOf(draft);
  const over = bytes - LONGEST_BODY;
  const ready = draft.trim() !== '' && over <= 0;

  function submit() {
    if (!ready) {
      return;
    }
    setProblem(null);
    setPreviewing(false);
    send({ body: draft, reply });
    changeWriting({ reply: null });
    change('');
    flush();
    area.current?.focus();
  }

  function press(event: KeyboardEvent) {
    // While an input method composes, its keys choose a word.
    if (event.nativeEvent.isComposing || completion.press(event)) {
      return;
    }
    const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (sends(event)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && plain && draft === '' && editLast()) {
      event.preventDefault();
    } else if (event.key === 'Escape' && reply !== null) {
      event.preventDefault();
      changeWriting({ reply: null });
    }
  }

  function pressAnywhere(event: KeyboardEvent) {
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'p') {
      event.preventDefault();
      setPreviewing(!previewing);
    }
  }

  return (
    // The key of the preview works from the text and from the preview; both are inside.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles['place']} onKeyDown={pressAnywhere}>
      {problem !== null && <Notice kind="danger">{problem}</Notice>}
      <div className={classes(styles['box'], over > 0 && styles['over'])}>
        {reply !== null && <ReplyBar reply={reply} onCancel={() => changeWriting({ reply: null })} />}
        {completion.found.length > 0 && <Completions completion={completion} />}
        <div className={styles['line']}>
          {previewing && <Preview onClose={() => setPreviewing(false)}>{draft.trim() === '' ? null : preview(draft)}</Preview>}
          <div className={styles['field']} hidden={previewing}>
            {draft === '' && (
              <span aria-hidden className={styles['hint']}>
                {text.composer.label(name)}
              </span>
            )}
            <textarea
              ref={area}
              className={styles['area']}
              rows={1}
              dir="auto"
              aria-label={text.composer.label(name)}
              aria-invalid={over > 0}
              aria-autocomplete="list"
              aria-controls={completion.found.length > 0 ? completion.id : undefined}
              aria-activedescendant={
                completion.found.length > 0 ? optionId(completion.id, completion.active) : undefined
              }
              value={draft}
              onChange={(event) => {
                change(event.target.value);
                completion.typed(event.target);
                if (event.target.value !== '') {
                  sayTyping();
                }
              }}
              onSelect={(event) => completion.moved(event.currentTarget)}
              onBlur={completion.close}
              onKeyDown={press}
              // Opening a conversation is for writing in it.
              // eslint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
            />
          </div>
          <ComposerTools
            area={area}
            previewing={previewing}
            ready={ready}
            onPreview={() => setPreviewing(!previewing)}
            onEmoji={insert}
            onSend={submit}
          />
        </div>
      </div>
      <div className={styles['below']}>
        <TypingLine conversation={row.id} />
        {bytes >= COUNTED_FROM && (
          <p role="status" className={classes(styles['count'], over > 0 && styles['tooLong'])}>
            {over > 0 ? text.composer.tooLong(over) : text.composer.left(-over)}
          </p>
        )}
      </div>
    </div>
  );
}
