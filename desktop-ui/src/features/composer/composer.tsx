// Where one writes: grows with the text, Enter sends, Shift+Enter makes a new line.

import { useCallback, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { bytesOf, COUNTED_FROM, LONGEST_BODY } from '#bridge/body-length.ts';
import type { ConversationRow } from '#bridge/generated/ConversationRow.ts';
import { useWriting } from '#bridge/writing.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { classes } from '#ui/classes.ts';
import { Question } from '#ui/dialog.tsx';
import { useFitHeight } from '#ui/fit-height.ts';
import { focusFirmly } from '#ui/focus.ts';
import { means } from '#ui/keys/press.ts';
import { Notice } from '#ui/notice.tsx';
import { useSendKey } from '#ui/send-key.ts';

import { ComposerArea } from './composer-area.tsx';
import { ComposerTools } from './composer-tools.tsx';
import styles from './composer.module.css';
import { Preview } from './preview.tsx';
import { useEditLast, useSayTyping, useSend } from './queries.ts';
import { ReplyBar } from './reply-bar.tsx';
import { TypingLine } from './typing-line.tsx';
import { useCaret } from './use-caret.ts';
import { useCompletions } from './use-completions.tsx';
import { useDraft } from './use-draft.ts';
import { useSubmit } from './use-submit.ts';

interface ComposerProps {
  row: ConversationRow;
  /** The conversation as it is said in a sentence. */
  name: string;
  initialDraft: string;
  /** Shows a text as others will see it. */
  preview: (body: string) => ReactNode;
}

export function Composer({ row, name, initialDraft, preview }: ComposerProps) {
  const { draft, body, change, flush, mention, takeBack: back } = useDraft(row.id, initialDraft);
  const [problem, setProblem] = useState<string | null>(null);
  const [previewing, setPreviewing] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const [{ reply, focusAsked }, changeWriting] = useWriting(row.id);
  const sayTyping = useSayTyping(row.id);
  const editLast = useEditLast(row.id);
  const insert = useCaret(row.id, area, draft, change);
  const completions = useCompletions({ area, row, draft, insert, mention });
  useFitHeight(area, draft);

  const [asked, setAsked] = useState(focusAsked);
  if (focusAsked !== asked) {
    // Whoever is to write sees what they write in.
    setAsked(focusAsked);
    setPreviewing(false);
  }

  const takeBack = useCallback(
    (unsent: string, error: unknown) => {
      setProblem(errorSentence(error));
      back(unsent, area.current?.value ?? '');
    },
    [back],
  );
  const send = useSend(row.id, takeBack);
  const sends = useSendKey();

  const bytes = bytesOf(body);
  const over = bytes - LONGEST_BODY;
  const ready = draft.trim() !== '' && over <= 0;

  const asks = useSubmit(row, body, () => {
    setProblem(null);
    setPreviewing(false);
    send({ body, reply });
    changeWriting({ reply: null });
    change('');
    void flush();
    if (area.current !== null) {
      focusFirmly(area.current);
    }
  });
  const submit = () => ready && asks.submit();

  function press(event: KeyboardEvent) {
    // While an input method composes, its keys choose a word.
    if (event.nativeEvent.isComposing || completions.press(event)) {
      return;
    }
    if (sends(event)) {
      event.preventDefault();
      submit();
    } else if (means(event, 'editLast') && draft === '' && editLast()) {
      event.preventDefault();
    } else if (means(event, 'close') && reply !== null) {
      event.preventDefault();
      changeWriting({ reply: null });
    }
  }

  function pressAnywhere(event: KeyboardEvent) {
    if (means(event, 'preview')) {
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
        {completions.list}
        <div className={styles['line']}>
          {previewing && <Preview onClose={() => setPreviewing(false)}>{draft.trim() === '' ? null : preview(body)}</Preview>}
          <ComposerArea
            area={area}
            label={text.composer.label(name)}
            draft={draft}
            over={over > 0}
            hidden={previewing}
            completions={completions}
            onType={(typed) => {
              change(typed);
              if (typed !== '') {
                sayTyping();
              }
            }}
            onKeyDown={press}
          />
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
      {asks.asking && (
        <Question
          title={text.composer.notifyTitle(row.member_count - 1)}
          lead={text.composer.notifyLead}
          confirm={text.composer.notify}
          danger={false}
          onConfirm={asks.confirm}
          onClose={asks.cancel}
        />
      )}
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
