// Opens a link that came from outside, or says why it leads nowhere.

import { useEffect } from 'react';

import { useConversations } from '#bridge/context.tsx';
import { useMessageLink } from '#bridge/navigation.tsx';
import { text } from '#text/text.ts';

interface LinkOpenerProps {
  link: string | null;
  onOpened: () => void;
  onProblem: (sentence: string) => void;
}

export function LinkOpener({ link, onOpened, onProblem }: LinkOpenerProps) {
  const leadsTo = useMessageLink();
  const isReady = useConversations() !== undefined;
  useEffect(() => {
    if (link === null || !isReady) {
      return;
    }
    const jump = leadsTo(link);
    if (jump === null) {
      onProblem(text.jump.elsewhere);
    } else {
      jump();
    }
    onOpened();
    // What to do with a link depends on nothing that changes afterwards.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [link, isReady]);
  return null;
}
