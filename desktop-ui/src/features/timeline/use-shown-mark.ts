// Leaves a mark in the window's own record of performance when the messages of a conversation were drawn. Measurements
// of starting and switching read it; nothing else does.

import { useEffect } from 'react';

const MARK = 'messages-shown';

export function useShownMark(conversation: string, hasMessages: boolean): void {
  useEffect(() => {
    if (!hasMessages) {
      return;
    }
    // The first frame draws them, the second begins when they are on the screen.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        performance.clearMarks(MARK);
        performance.mark(MARK);
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [conversation, hasMessages]);
}
