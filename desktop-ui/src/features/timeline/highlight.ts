// Colours code: few languages, each loaded when it is first met, in a part of the program that is loaded by itself.
// What it answers are pieces of the text as it was; whoever draws them changes their colour and nothing else.

import { createJavaScriptRegexEngine } from '@shikijs/engine-javascript';
import { codeToTokensBase, createShikiPrimitive } from '@shikijs/primitive';

import { LANGUAGES, type Grammar } from './languages.ts';
import { THEME } from './highlight-theme.ts';

export interface Piece {
  text: string;
  /** A colour of the tokens; none for ordinary words. */
  colour: string | undefined;
}

export type Line = Piece[];

/** A line longer than this is left as it is: it is data, and would take long. */
const LONGEST_LINE = 2000;
/** Milliseconds after which the rest of a line stays uncoloured; the first line also pays for preparing the grammar. */
const LINE_LIMIT_MS = 500;

const shiki = createShikiPrimitive({
  themes: [THEME],
  langs: [],
  // Grammars were written for another engine of regular expressions; a rule this one cannot do is left out.
  engine: createJavaScriptRegexEngine({ forgiving: true }),
});

/** Null for a language that is not known. */
export async function highlight(code: string, language: string): Promise<Line[] | null> {
  const load = LANGUAGES.get(language.toLowerCase());
  if (load === undefined) {
    return null;
  }
  const grammar = await load();
  return lines(code, grammar.default);
}

function lines(code: string, grammars: Grammar['default']): Line[] {
  const main = grammars.at(-1);
  if (main === undefined) {
    return [];
  }
  if (!shiki.getLoadedLanguages().includes(main.name)) {
    shiki.loadLanguageSync(...grammars);
  }
  const ordinary = THEME.fg;
  return codeToTokensBase(shiki, code, {
    lang: main.name,
    theme: THEME.name,
    includeExplanation: false,
    tokenizeMaxLineLength: LONGEST_LINE,
    tokenizeTimeLimit: LINE_LIMIT_MS,
  }).map((line) =>
    line.map(({ content, color }) => ({ text: content, colour: color === ordinary ? undefined : color })),
  );
}
