// The caret of the composer: kept while one looks into another conversation, and put behind what is inserted.

import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { useWriting } from '#bridge/writing.ts';
import { focusFirmly } from '#ui/focus.ts';

/** Puts a text in place of what is between `from` and `to`; at the caret when they are left out. */
export type Insert = (inserted: string, from?: number, to?: number) => void;

export function useCaret(
  conversation: ConversationId,
  area: RefObject<HTMLTextAreaElement | null>,
  draft: string,
  change: (text: string) => void,
): Insert {
  const [{ caret, focusAsked }, changeWriting] = useWriting(conversation);
  /** Where it goes with the next drawing. */
  const wanted = useRef<number | null>(null);

  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) {
      return;
    }
    const end = element.value.length;
    element.setSelectionRange(caret?.start ?? end, caret?.end ?? end);
    element.scrollTo({ top: caret?.top ?? element.scrollHeight });
    return () => {
      const { selectionStart: start, selectionEnd, scrollTop: top } = element;
      changeWriting({ caret: { start, end: selectionEnd, top } });
    };
    // Only when the conversation is opened; after that it is where the person puts it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [area, changeWriting]);

  const asked = useRef(focusAsked);
  useEffect(() => {
    if (focusAsked !== asked.current && area.current !== null) {
      asked.current = focusAsked;
      focusFirmly(area.current);
    }
  }, [area, focusAsked]);

  useLayoutEffect(() => {
    if (wanted.current !== null) {
      area.current?.setSelectionRange(wanted.current, wanted.current);
      wanted.current = null;
    }
  }, [area, draft]);

  return (inserted, from, to) => {
    const element = area.current;
    if (element === null) {
      return;
    }
    const start = from ?? element.selectionStart;
    wanted.current = start + inserted.length;
    change(element.value.slice(0, start) + inserted + element.value.slice(to ?? element.selectionEnd));
  };
}
