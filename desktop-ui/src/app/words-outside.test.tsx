import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { act, render, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';

import { BridgeProvider } from '#bridge/context.tsx';
import { LiveCache } from '#bridge/live-cache.ts';
import { signedOutHost } from '#testing/builders.ts';
import { languageNames } from '#text/languages.ts';
import { speak, text } from '#text/text.ts';

import { App } from './app.tsx';
import { wordsOutside } from './use-words-outside.ts';

/** What the resident app says before the first window ever, as its source has it. */
function wordsOfTheResident(): Record<string, string> {
  const source = readFileSync(join(import.meta.dirname, '../../../desktop/src/words.rs'), 'utf8');
  const words = source.matchAll(/(\w+): english\("([^"]*)"\)/gu);
  return Object.fromEntries([...words].map(([, name = '', said = '']): [string, string] => [name, said]));
}

const placesIn = (words: Record<string, string>) =>
  Object.entries(words).map(([name, said]) => [name, (said.match(/\{\w+\}/gu) ?? []).sort()]);

afterEach(() => act(() => speak('en')));

describe('the words outside the window', () => {
  it('are in English what the resident app begins with', () => {
    expect(Object.keys(wordsOfTheResident()).length).toBeGreaterThan(10);
    expect(wordsOutside()).toEqual(wordsOfTheResident());
  });

  it('have the same places in every language', async () => {
    const english = placesIn(text.outside);
    for (const { code } of languageNames()) {
      await speak(code);
      expect(placesIn(text.outside)).toEqual(english);
    }
  });

  it('are handed over at the start, also to nobody, and again in another language', async () => {
    const host = signedOutHost();
    render(
      <BridgeProvider host={host} live={new LiveCache(host)}>
        <App />
      </BridgeProvider>,
    );
    await waitFor(() => expect(host.spoken?.quit).toBe('Quit Loquat'));
    await act(() => speak('de'));
    await waitFor(() => expect(host.spoken?.quit).toBe('Loquat beenden'));
    expect(host.spoken?.hidden_body).toContain('Strg Q');
  });
});
