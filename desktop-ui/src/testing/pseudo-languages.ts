// Languages that nobody speaks, made from the English sentences: one that runs from right to left, and one with long
// words. They show where the layout counts on English, before anybody translates.

import { addLanguage, languageOf } from '#text/languages.ts';
import type { Text } from '#text/text.ts';

/** Around the place of a value, which stays as it is. */
const [OPEN, CLOSE] = ['\u{E000}', '\u{E001}'];
const PLACE = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'gu');

/** A letter of another script for each, so that the engine sorts them as it does for those who write it. */
const HEBREW = 'אבגדהוזחטיכלמנסעפצקרשתאבגד';

export function addPseudoLanguages(): void {
  const english = languageOf('en');
  if (english === undefined) {
    return;
  }
  const load = async (said: (sentence: string) => string) => changed(await english.load(), said);
  addLanguage('rtl', { ...english, name: 'Right to left', tag: 'he', direction: 'rtl', load: () => load(inHebrewLetters) });
  addLanguage('long', { ...english, name: 'Long words', load: () => load(lengthened) });
}

export function inHebrewLetters(sentence: string): string {
  return sentence.replaceAll(/[a-z]/giu, (letter) => HEBREW.charAt(letter.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0)));
}

/** Every vowel twice and one more at the end of long words: about what German does to English, and a little more. */
export function lengthened(sentence: string): string {
  return sentence.replaceAll(/[aeiou]/giu, '$&$&').replaceAll(/\p{L}{6,}/gu, '$&heit');
}

/** The same tree with every sentence changed, and the values in them as they were; the tag of a language is no sentence. */
function changed(tree: Text, said: (sentence: string) => string): Text {
  const told = changedNode(tree, said) as Text;
  return { ...told, names: { ...told.names, list: tree.names.list } };
}

function changedNode(node: unknown, said: (sentence: string) => string): unknown {
  if (typeof node === 'string') {
    return said(node);
  }
  if (typeof node === 'function') {
    return (...values: unknown[]) => {
      const places = values.map((value, at) => (typeof value === 'string' && value !== '' ? `${OPEN}${at}${CLOSE}` : value));
      const sentence = String((node as (...given: unknown[]) => unknown)(...places));
      return said(sentence).replaceAll(PLACE, (_, at: string) => String(values[Number(at)]));
    };
  }
  if (Array.isArray(node)) {
    return node.map((item) => changedNode(item, said));
  }
  return Object.fromEntries(Object.entries(node as object).map(([key, value]) => [key, changedNode(value, said)]));
}
