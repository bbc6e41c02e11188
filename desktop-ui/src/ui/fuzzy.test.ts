import { describe, expect, it } from 'vitest';

import { folded, matched, wordsOf } from './fuzzy.ts';

const find = (name: string, query: string) => matched(folded(name), wordsOf(query));
/** The name with what was typed in brackets. */
function marked(name: string, query: string): string | null {
  const match = find(name, query);
  const closed = match?.marks.reduceRight((said, [from, to]) => `${said.slice(0, from)}[${said.slice(from, to)}]${said.slice(to)}`, name);
  return closed ?? null;
}

describe('a name is found by', () => {
  it.each([
    ['its beginning', 'Mei Tan', 'me', '[Me]i Tan'],
    ['the beginning of a later word', 'Mei Tan', 'ta', 'Mei [Ta]n'],
    ['its initials', 'Mei Tan', 'mt', '[M]ei [T]an'],
    ['beginnings run together', 'design-review', 'desre', '[des]ign-[re]view'],
    ['a beginning that must leave letters to the next word', 'aa ab', 'aab', '[a]a [ab]'],
    ['words in any order', 'Mei Tan', 'tan mei', '[Mei] [Tan]'],
    ['a part', 'orchard', 'char', 'or[char]d'],
    ['letters in order', 'general', 'genral', '[gen]e[ral]'],
    ['letters without their signs', 'Sofía Álvarez', 'sofia alv', '[Sofía] [Álv]arez'],
    ['signs it does not have', 'Sofia', 'sofía', '[Sofia]'],
    ['other letters than Latin ones', 'Юрий Ким', 'юк', '[Ю]рий [К]им'],
    ['nothing at all', 'Mei Tan', '  ', 'Mei Tan'],
  ])('%s', (_, name, query, result) => {
    expect(marked(name, query)).toBe(result);
  });

  it.each([
    ['a single letter inside of it', 'Mei Tan', 'n'],
    ['letters that are not there', 'Mei Tan', 'mex'],
    ['letters too far apart', 'housing of new bricks', 'hsk'],
    ['letters in another order', 'general', 'gneral x'],
    ['one word of two', 'Mei Tan', 'mei okafor'],
  ])('no: %s', (_, name, query) => {
    expect(find(name, query)).toBeNull();
  });
});

it('the better a name fits, the further up it is', () => {
  const names = ['marketing-metrics', 'meta', 'the-menu', 'home', 'Mara Evans', 'me'];
  const ranked = names
    .map((name) => ({ name, score: find(name, 'me')?.score ?? -1 }))
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name);
  expect(ranked).toEqual(['me', 'meta', 'the-menu', 'marketing-metrics', 'Mara Evans', 'home']);
});
