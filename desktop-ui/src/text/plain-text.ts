// Markdown without its signs, on one line: for excerpts.

const FENCES = /```[\w+#.-]*/gu;
const MARKS = /(\*\*|__|~~|`)/gu;
const LINE_MARKS = /^\s*(?:>|#{1,6}|[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/gmu;
const LINKS = /!?\[([^\]]*)\]\([^)]*\)/gu;

/** A part of a text without the signs around its words. */
export function unmarked(part: string): string {
  return part.replaceAll(MARKS, '');
}

export function plainText(markdown: string): string {
  return markdown
    .replaceAll(FENCES, ' ')
    .replaceAll(LINKS, '$1')
    .replaceAll(LINE_MARKS, '')
    .replaceAll(MARKS, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
