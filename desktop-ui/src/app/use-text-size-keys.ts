// The keys that make all text larger, smaller or ordinary: on every screen, over dialogs too.

import { useEffect } from 'react';

import { stepTextSize } from '#ui/appearance.ts';
import { meaningOf } from '#ui/keys/press.ts';

const STEPS = { larger: 1, smaller: -1, ordinarySize: 0 } as const;

export function useTextSizeKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const meaning = meaningOf(event, ['larger', 'smaller', 'ordinarySize']);
      if (meaning !== null) {
        event.preventDefault();
        stepTextSize(STEPS[meaning]);
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
