// The body of a message: Markdown as typed, without anything that could act by itself. Raw HTML stays text, pictures
// become links, and a link goes to the person's browser through the host.

import { Check, Image as ImageIcon } from 'lucide-react';
import { memo, type ComponentProps, type MouseEvent, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

import { useHost } from '#bridge/context.tsx';
import { messageLinkOf } from '#bridge/message-link.ts';
import { text, useLanguage } from '#text/text.ts';
import { Icon } from '#ui/icon.tsx';

import { CodeBlock } from './code-block.tsx';
import styles from './markdown.module.css';
import { remarkHtmlAsText } from './html-as-text.ts';
import { MentionChip } from './mention-chip.tsx';
import { hold, mentionOf, remarkMentions } from './mentions.ts';
import { MessageLink } from './message-link.tsx';
import { remarkMessageLinks } from './message-links.ts';

/** Most messages are plain words; those need no parser. */
const PLAIN = /^(?!\s)(?!.*\s$)(?!\d+[.)]\s)[^*_`~[\]<>#|\\!&\n@:/+=-]*$/u;
const SAFE_LINK = /^(?:https?:\/\/|mailto:)/iu;

const SCHEMA = {
  ...defaultSchema,
  // Nobody can write one: HTML in a message stays text.
  attributes: { ...defaultSchema.attributes, span: ['dataMention'] },
  protocols: { ...defaultSchema.protocols, href: [...(defaultSchema.protocols?.['href'] ?? []), 'loquat'] },
};

export const Markdown = memo(function Markdown({ body }: { body: string }) {
  useLanguage();
  if (PLAIN.test(body) && !body.includes('www.')) {
    return (
      <p dir="auto" className={styles['paragraph']}>
        {body}
      </p>
    );
  }
  const held = hold(body);
  return (
    <ReactMarkdown
      remarkPlugins={[[remarkGfm, { singleTilde: false }], remarkHtmlAsText, remarkMessageLinks, [remarkMentions, held.mentions]]}
      rehypePlugins={[[rehypeSanitize, SCHEMA]]}
      urlTransform={(url) => (SAFE_LINK.test(url) || messageLinkOf(url) !== null ? url : '')}
      components={components}
    >
      {held.body}
    </ReactMarkdown>
  );
});

const components: Components = {
  span: ({ 'data-mention': who, children }: ComponentProps<'span'> & { 'data-mention'?: string }) =>
    who === undefined ? <span>{children}</span> : <MentionChip mention={mentionOf(who)} />,
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => (
    <SafeLink href={typeof src === 'string' ? src : undefined}>
      <Icon of={ImageIcon} className={styles['inlineIcon']} /> {text.timeline.image(alt ?? '')}
    </SafeLink>
  ),
  // Who writes from right to left is read from right to left, whatever the window's own language.
  p: ({ children }) => (
    <p dir="auto" className={styles['paragraph']}>
      {children}
    </p>
  ),
  // A heading in a message is emphasis; the headings of the window are its own.
  h1: Emphasised,
  h2: Emphasised,
  h3: Emphasised,
  h4: Emphasised,
  h5: Emphasised,
  h6: Emphasised,
  ul: ({ children }) => (
    <ul dir="auto" className={styles['list']}>
      {children}
    </ul>
  ),
  ol: ({ children, start }) => (
    <ol dir="auto" className={styles['numbered']} start={start}>
      {children}
    </ol>
  ),
  input: ({ checked }) => (
    <span
      role="img"
      aria-label={checked === true ? text.timeline.taskDone : text.timeline.taskOpen}
      className={styles['task']}
      data-done={checked === true}
    >
      {checked === true && <Icon of={Check} />}
    </span>
  ),
  blockquote: ({ children }) => (
    <blockquote dir="auto" className={styles['quote']}>
      {children}
    </blockquote>
  ),
  hr: () => <hr className={styles['rule']} />,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  code: ({ children, className }) => <code className={className ?? styles['code']}>{children}</code>,
  table: ({ children }) => (
    // A wide table scrolls by itself, so it must be reachable to be scrolled by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles['tableFrame']} role="region" aria-label={text.timeline.table} tabIndex={0}>
      <table className={styles['table']}>{children}</table>
    </div>
  ),
};

function Emphasised({ children }: ComponentProps<'h1'>) {
  return (
    <p dir="auto" className={styles['heading']}>
      {children}
    </p>
  );
}

function SafeLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  const host = useHost();
  const message = messageLinkOf(href ?? '');
  if (href !== undefined && message !== null) {
    return (
      <MessageLink url={href} address={message}>
        {children}
      </MessageLink>
    );
  }
  if (href === undefined || !SAFE_LINK.test(href)) {
    return <span>{children}</span>;
  }
  function open(event: MouseEvent) {
    event.preventDefault();
    if (event.button < 2) {
      void host.openLink(href ?? '');
    }
  }
  return (
    <a href={href} title={href} rel="noreferrer" className={styles['link']} onClick={open} onAuxClick={open}>
      {children}
    </a>
  );
}
