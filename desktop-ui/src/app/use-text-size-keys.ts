// Ctrl + and Ctrl − make all text larger and smaller, Ctrl 0 ordinary: on every screen, over dialogs too.

import { useEffect } from 'react';

import { stepTextSize } from '#ui/appearance.ts';

const STEPS: Record<string, 1 | 0 | -1> = { '+': 1, '=': 1, '-': -1, '0': 0 };

export function useTextSizeKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (step !== undefined && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        stepTextSize(step);
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
