// Hands the resident part of the app the words it needs outside the window, in the language of the window.

import { useEffect } from 'react';

import type { Words } from '#bridge/device/Words.ts';
import { useHost } from '#bridge/context.tsx';
import { text, useLanguage } from '#text/text.ts';
import { spelledKeys } from '#ui/keys/spelled.ts';

export function useWordsOutside(): void {
  const host = useHost();
  const { code } = useLanguage();
  useEffect(() => {
    // Without them it goes on in the language it spoke before.
    host.speak(wordsOutside()).catch(() => undefined);
  }, [host, code]);
}

export function wordsOutside(): Words {
  const words = text.outside;
  return { ...words, hidden_body: words.hidden_body.replace('{keys}', spelledKeys('quit')) };
}
