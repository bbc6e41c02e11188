// The text as others will see it, in the place where it is written.

import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { text } from '#text/text.ts';

import styles from './composer.module.css';

/** `children` is null while nothing is written. */
export function Preview({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const region = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = region.current;
    const area = element?.parentElement?.querySelector('textarea');
    element?.focus();
    return () => {
      // Back to where one writes, unless the focus is elsewhere by now.
      if (document.activeElement === document.body) {
        area?.focus();
      }
    };
  }, []);

  function press(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    }
  }

  return (
    // It scrolls, so it must be reachable to be scrolled by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={region}
      role="region"
      aria-label={text.composer.preview}
      className={styles['preview']}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onKeyDown={press}
    >
      {children ?? <p className={styles['nothing']}>{text.composer.nothingToPreview}</p>}
    </div>
  );
}
