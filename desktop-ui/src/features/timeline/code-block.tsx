// A block of code with its language and a button that copies it.

import { Check, Copy } from 'lucide-react';
import { isValidElement, useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';

import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Icon } from '#ui/icon.tsx';

import styles from './code-block.module.css';
import type { Line } from './highlight.ts';
import { useHighlight } from './use-highlight.ts';

const COPIED_MS = 2000;

export function CodeBlock({ children }: { children: ReactNode }) {
  const { code, language } = contentOf(children);
  const lines = useHighlight(code, language);
  return (
    <figure className={styles['frame']}>
      <figcaption className={styles['bar']}>
        <span>{language}</span>
        <CopyButton code={code} />
      </figcaption>
      {/* Long lines scroll sideways, so the block must be reachable to be scrolled by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className={styles['code']} tabIndex={0} role="group" aria-label={text.timeline.code(language)}>
        {/* Code reads from the left in every language. */}
        <code dir="ltr">{lines === null ? code : <Coloured lines={lines} />}</code>
      </pre>
    </figure>
  );
}

function Coloured({ lines }: { lines: readonly Line[] }) {
  return lines.map((line, number) => (
    // Lines and pieces of a text have no other name than their place, and never change it.
    <span key={number}>
      {number > 0 && '\n'}
      {line.map((piece, at) =>
        piece.colour === undefined ? (
          piece.text
        ) : (
          <span key={at} style={{ color: piece.colour }}>
            {piece.text}
          </span>
        ),
      )}
    </span>
  ));
}

function CopyButton({ code }: { code: string }) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function copy() {
    await navigator.clipboard.writeText(code);
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), COPIED_MS);
  }

  return (
    <Button weight="quiet" size="compact" className={styles['copy']} onPress={() => void copy()}>
      <Icon of={copied ? Check : Copy} />
      {/* Said again when it changes: that it worked is to be heard as well. */}
      <span aria-live="polite">{copied ? text.timeline.copied : text.timeline.copy}</span>
    </Button>
  );
}

/** The text of the code element that the parser makes, and `rust` of its class `language-rust`. */
function contentOf(children: ReactNode): { code: string; language: string } {
  if (!isValidElement(children)) {
    return { code: '', language: '' };
  }
  const { className, children: content } = (children as ReactElement<{ className?: string; children?: ReactNode }>).props;
  return {
    code: (typeof content === 'string' ? content : '').replace(/\n$/u, ''),
    language: /language-([\w+#.-]+)/u.exec(className ?? '')?.[1] ?? '',
  };
}
