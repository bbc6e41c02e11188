// Mentions in Markdown, which does not know them: they stand for a moment as signs that mean nothing to it, and code
// gets them back as they were.

import { markupOf } from '#text/mention-draft.ts';
import type { Mention } from '#text/mentions.ts';

interface Node {
  type: string;
  value?: string;
  url?: string;
  alt?: string;
  title?: string | null;
  children?: Node[];
  data?: { hName: string; hProperties: Record<string, string> };
}

const MENTION = /(\\*)<(?:@([\w-]{1,64})|!(channel|here))>/gu;
const HELD = /\uE000(\d+)\uE001/gu;

export interface Held {
  body: string;
  mentions: Mention[];
}

/** The body with a sign for each mention; what is behind a backslash is none. */
export function hold(body: string): Held {
  const mentions: Mention[] = [];
  const clean = body.replaceAll('\uE000', '\uFFFD');
  const held = clean.replaceAll(MENTION, (found: string, slashes: string, person?: string, many?: string) => {
    if (slashes.length % 2 === 1) {
      return found;
    }
    mentions.push(person === undefined ? { kind: many === 'here' ? 'here' : 'channel' } : { kind: 'person', person });
    return `${slashes}\uE000${mentions.length - 1}\uE001`;
  });
  return { body: held, mentions };
}

/** A step of the Markdown parser, over its tree: makes mentions of the signs. */
export function remarkMentions(mentions: readonly Mention[]) {
  return (tree: Node): void => put(tree, mentions);
}

function put(node: Node, mentions: readonly Mention[]): void {
  // In an address or in code it is what was written.
  for (const part of ['url', 'alt', 'title', 'value'] as const) {
    const said = node[part];
    if (typeof said === 'string') {
      node[part] = said.replaceAll(HELD, (found, at: string) => written(mentions[Number(at)]) ?? found);
    }
  }
  if (node.children !== undefined) {
    node.children = node.children.flatMap((child) => {
      if (child.type === 'text') {
        return pieces(child.value ?? '', mentions);
      }
      put(child, mentions);
      return [child];
    });
  }
}

function pieces(value: string, mentions: readonly Mention[]): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const { 0: found, 1: at, index } of value.matchAll(HELD)) {
    const mention = mentions[Number(at)];
    if (mention !== undefined) {
      nodes.push({ type: 'text', value: value.slice(end, index) }, nodeOf(mention));
      end = index + found.length;
    }
  }
  return [...nodes, { type: 'text', value: value.slice(end) }];
}

function nodeOf(mention: Mention): Node {
  const who = mention.kind === 'person' ? mention.person : `!${mention.kind}`;
  return { type: 'mention', children: [], data: { hName: 'span', hProperties: { dataMention: who } } };
}

function written(mention: Mention | undefined): string | undefined {
  return mention && markupOf(mention);
}

/** What a node says whom it mentions. */
export function mentionOf(who: string): Mention {
  return who === '!channel' || who === '!here' ? { kind: who === '!here' ? 'here' : 'channel' } : { kind: 'person', person: who };
}
