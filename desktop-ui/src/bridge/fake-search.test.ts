import { describe, expect, it } from 'vitest';

import { signedInHost } from '#testing/builders.ts';
import type { SearchPage } from './generated/SearchPage';

const SAID = ['Good morning', 'The Größe of it', 'Nothing to see', 'Good evening, and a good night'];

function search(text: string, said = SAID): Promise<SearchPage> {
  const host = signedInHost(said);
  return host.search({ text, within: null, order: 'newest', after: null, limit: 2, utc_offset_minutes: 0 });
}

/** What is marked of each message found. */
function marked(page: SearchPage): string[][] {
  return page.hits.map(({ message, highlights }) => highlights.map(({ start, end }) => message.body.slice(start, end)));
}

describe('searching the scripted world', () => {
  it('finds the newest first and marks the words', async () => {
    expect(marked(await search('good'))).toEqual([['Good', 'good'], ['Good']]);
    expect(marked(await search('grosse'))).toEqual([]);
    expect(marked(await search('große'))).toEqual([['Größe']]);
  });

  it('takes pages', async () => {
    const first = await search('o');
    expect(first.next).toBeNull();
    const page = await search('-good', ['one', 'two', 'three']);
    expect([page.hits.length, page.next]).toEqual([2, 2]);
  });

  it('leaves words out and asks for authors', async () => {
    expect((await search('good -night from:me')).problems).toEqual([]);
    expect((await search('nothing -see')).hits).toEqual([]);
  });

  it('names what a filter cannot mean', async () => {
    const { problems, hits } = await search('good from:nobody on:noday in:nowhere');
    expect(hits).toEqual([]);
    expect(problems.map(({ filter, value, kind }) => `${filter} ${value} ${kind}`)).toEqual([
      'from nobody unknown_person',
      'on noday not_a_date',
      'in nowhere unknown_conversation',
    ]);
  });

  it('cuts a long message around the first place', async () => {
    const long = `${'before '.repeat(60)}needle${' behind'.repeat(60)}`;
    const [hit] = (await search('needle', [long])).hits;
    const place = hit?.snippet_highlights[0];
    expect(hit?.snippet.slice(place?.start, place?.end)).toBe('needle');
    expect(hit?.snippet.startsWith('…') && hit.snippet.endsWith('…')).toBe(true);
  });
});
