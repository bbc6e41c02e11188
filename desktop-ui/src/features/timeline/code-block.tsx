// A block of code with its language and a button that copies it.

import { Check, Copy } from 'lucide-react';
import { isValidElement, useRef, useState, type ReactElement, type ReactNode } from 'react';

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './code-block.module.css';

const COPIED_MS = 2000;

export function CodeBlock({ children }: { children: ReactNode }) {
  const block = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  const language = languageOf(children);

  async function copy() {
    await navigator.clipboard.writeText(block.current?.textContent.replace(/\n$/u, '') ?? '');
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  }

  return (
    <figure className={styles['frame']}>
      <figcaption className={styles['bar']}>
        <span>{language}</span>
        <Button weight="quiet" size="compact" className={styles['copy']} onPress={() => void copy()}>
          <Icon of={copied ? Check : Copy} />
          {copied ? text.timeline.copied : text.timeline.copy}
        </Button>
      </figcaption>
      {/* Long lines scroll sideways, so the block must be reachable to be scrolled by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre ref={block} className={styles['code']} tabIndex={0} role="group" aria-label={text.timeline.code(language)}>
        {children}
      </pre>
    </figure>
  );
}

/** `rust` of the class `language-rust` that the parser puts on the code element. */
function languageOf(children: ReactNode): string {
  if (!isValidElement(children)) {
    return '';
  }
  const { className } = (children as ReactElement<{ className?: string }>).props;
  return /language-([\w+#.-]+)/u.exec(className ?? '')?.[1] ?? '';
}
