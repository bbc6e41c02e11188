// Every language says everything: what English says, with the same values, in its own words and by its own rules.

import { describe, expect, it } from 'vitest';

import { languageNames, languageOf } from './languages.ts';
import type { Text } from './text.ts';

type Leaf = string | ((...values: unknown[]) => unknown);

/** Every sentence of a catalogue by its way through the tree. */
function leavesOf(tree: object, way = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    const here = way === '' ? key : `${way}.${key}`;
    if (typeof value === 'object' && value !== null) {
      for (const [deeper, leaf] of leavesOf(value, here)) {
        found.set(deeper, leaf);
      }
    } else {
      found.set(here, value as Leaf);
    }
  }
  return found;
}

/** What a sentence reads like, with a word or a number in each of its places. */
function readOut(leaf: Leaf): string[] {
  if (typeof leaf === 'string') {
    return [leaf];
  }
  return [0, 1, 2, 5, 21].flatMap((n) => {
    const words = Array.from({ length: leaf.length }, (_, at) => `«${at}»`);
    const none = words.map(() => '');
    return [leaf(...words), leaf(...none), leaf(...words.map(() => n))].map(String);
  });
}

const load = async (code: string): Promise<Map<string, Leaf>> => {
  const sentences: Text | undefined = await languageOf(code)?.load();
  return leavesOf(sentences ?? {});
};
const english = await load('en');
const others = languageNames().filter(({ code }) => code !== 'en');
const readings = await Promise.all(others.map(async ({ code }) => ({ code, sentences: await load(code) })));

/** What is the same in both, by the reason; whatever is not any more has to go from here. */
const SAME: Record<string, Record<string, string[]>> = {
  de: {
    'names and examples': [
      'appName',
      'outside.app',
      'administration.workspace.domainPlaceholder',
      'channels.namePlaceholder',
      'settings.appearance.sampleAuthor',
      'signIn.invitation.placeholder',
      'signIn.server.placeholder',
    ],
    'words that German has as well': [
      'administration.audit.person',
      'administration.audit.settings.name',
      'administration.workspace.name',
      'certificate.problem',
      'certificate.server',
      'connectionSettings.proxy',
      'connectionSettings.user',
      'channels.name',
      'composer.emoji',
      'conversation.details',
      'details.name',
      'details.region',
      'emoji.groups.0',
      'emoji.label',
      'keys.words.Alt',
      'keys.words.Escape',
      'notifications.pause',
      'notifications.test',
      'organisation.names.proxy_mode',
      'organisation.names.update_channel',
      'organisation.title',
      'presence.offline',
      'presence.online',
      'settings.about.server',
      'updates.progressLabel',
      'updates.title',
      'signIn.server.choice',
      'settings.about.version',
      'settings.profile.name',
      'timeline.code',
    ],
    'what is typed': ['mentions.channel', 'mentions.here', 'search.filters.in'],
    'signs, and words of both, between values': ['card.timeThere', 'keys.hint', 'connectionTest.took', 'outside.in_channel', 'timeline.announce', 'timeline.reaction'],
  },
};

describe.each(readings)('the sentences in $code', ({ code, sentences }) => {
  it('are those there are in English', () => {
    expect(english.size).toBeGreaterThan(300);
    expect([...sentences.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('take the same values', () => {
    const shapes = (of: Map<string, Leaf>) =>
      Object.fromEntries([...of].map(([way, leaf]) => [way, typeof leaf === 'string' ? 'a sentence' : `takes ${leaf.length}`]));
    expect(shapes(sentences)).toEqual(shapes(english));
  });

  it('say every value they take where English does', () => {
    for (const [way, leaf] of sentences) {
      const [mine, theirs] = [leaf, english.get(way) ?? ''].map((one) => new Set(readOut(one).join(' ').match(/«\d»/gu)));
      expect([way, [...(mine ?? [])].sort()]).toEqual([way, [...(theirs ?? [])].sort()]);
    }
  });

  it('are none that were left in English', () => {
    const same = [...sentences].filter(([way, leaf]) => readOut(leaf).join('\n') === readOut(english.get(way) ?? '').join('\n'));
    expect(same.map(([way]) => way).sort()).toEqual(Object.values(SAME[code] ?? {}).flat().sort());
  });

  it('are never empty, and keep to the style', () => {
    const plain = [...sentences].filter(([, leaf]) => typeof leaf === 'string').map(([way, leaf]) => [way, String(leaf)] as const);
    expect(plain.filter(([, sentence]) => sentence.trim() === '')).toEqual([]);
    const said = [...sentences].flatMap(([way, leaf]) => readOut(leaf).map((sentence) => [way, sentence] as const));
    expect(said.filter(([, sentence]) => /[!"]|\.\.\./u.test(sentence))).toEqual([]);
  });
});

describe('German', () => {
  const said = [...(readings.find(({ code }) => code === 'de')?.sentences ?? [])].flatMap(([way, leaf]) =>
    readOut(leaf).map((sentence) => `${way}: ${sentence}`),
  );

  it('has its own quotation marks and a space before an ellipsis', () => {
    expect(said.length).toBeGreaterThan(300);
    const quoted = said.filter((line) => line.includes('“') || line.includes('„'));
    expect(quoted.length).toBeGreaterThan(0);
    expect(quoted.filter((line) => !/^[^“”„]*(?:„[^“”„]*“[^“”„]*)+$/u.test(line))).toEqual([]);
    expect(said.filter((line) => /\p{L}…/u.test(line))).toEqual([]);
  });

  it('says du, in lower case, and neither bitte nor leider', () => {
    // "Du" may begin a sentence, and so may "Sie", which is then what was spoken of and never the person.
    expect(said.filter((line) => /[a-zäöüß,] (?:Du|Dein|Dir|Dich)\b/u.test(line))).toEqual([]);
    expect(said.filter((line) => /\b(?:Ihnen|[Bb]itte|[Ll]eider)\b/u.test(line))).toEqual([]);
    expect(said.filter((line) => /[a-zäöüß,] (?:Sie|Ihr|Ihre[nmrs]?)\b/u.test(line))).toEqual([]);
  });

  it('writes an apostrophe nowhere', () => {
    expect(said.filter((line) => /['’]/u.test(line))).toEqual([]);
  });
});
