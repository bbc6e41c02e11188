import { act, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';

import { FakeHost } from '#bridge/fake-host.ts';
import { orchard } from '#bridge/fake-orchard.ts';
import { renderWith } from '#testing/render.tsx';
import { languageOf } from '#text/languages.ts';
import { locale, speak, text } from '#text/text.ts';
import { speakChosen } from '#ui/appearance.ts';

import { App } from './app.tsx';

const ATTRIBUTES = ['aria-label', 'aria-description', 'aria-valuetext', 'alt', 'placeholder', 'title'];

/** Sentences of a catalogue that take no value. */
function sentencesOf(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) => {
    if (typeof value === 'string') {
      return [value.trim()];
    }
    return typeof value === 'object' && value !== null ? sentencesOf(value) : [];
  });
}

/** All that is read on the page, by eye or by ear. */
function said(): Set<string> {
  const found = new Set<string>();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    found.add((node.nodeValue ?? '').trim());
  }
  for (const element of document.body.querySelectorAll('*')) {
    for (const attribute of ATTRIBUTES) {
      found.add((element.getAttribute(attribute) ?? '').trim());
    }
  }
  return found;
}

async function stillEnglish(): Promise<string[]> {
  const [english, german] = await Promise.all(['en', 'de'].map(async (code) => sentencesOf((await languageOf(code)?.load()) ?? {})));
  const onPage = said();
  return (english ?? []).filter((sentence) => onPage.has(sentence) && german?.includes(sentence) !== true);
}

async function draw() {
  const world = orchard(Date.now());
  localStorage.setItem('loquat.open-conversation', 'c_harvest');
  const drawn = await renderWith(new FakeHost(world, world.signedIn()), <App />);
  await screen.findByRole('textbox', { name: 'Message #harvest' });
  await waitFor(() => expect(screen.queryAllByTestId('message').length).toBeGreaterThan(0));
  return drawn;
}

async function openAppearance(user: Awaited<ReturnType<typeof draw>>['user']) {
  await user.keyboard('{Control>},{/Control}');
  const places = within(await screen.findByRole('navigation', { name: 'Settings' }));
  await user.click(places.getByRole('button', { name: 'Appearance' }));
}

async function choose(user: Awaited<ReturnType<typeof draw>>['user'], label: RegExp, language: string) {
  await user.click(screen.getByRole('button', { name: label }));
  await user.click(await screen.findByRole('option', { name: language }));
}

afterEach(() => act(() => speak('en')));

describe('another language', () => {
  it('is spoken at once, everywhere, without losing the place', async () => {
    const { user } = await draw();
    const before = [screen.getByRole('log'), screen.getByRole('textbox', { name: 'Message #harvest' })];
    await openAppearance(user);
    expect((await stillEnglish()).length).toBeGreaterThan(40);

    await choose(user, /Language/u, 'Deutsch');

    expect(await screen.findByRole('heading', { level: 1, name: 'Darstellung' })).toBeVisible();
    expect(screen.getByRole('button', { name: /Deutsch.*Sprache/u })).toHaveFocus();
    expect(screen.getByRole('log', { name: 'Nachrichten in #harvest', hidden: true })).toBeInTheDocument();
    expect(await stillEnglish()).toEqual([]);
    // What was drawn is what is drawn: nothing was torn down to speak another language.
    expect(before.map((element) => element.isConnected)).toEqual([true, true]);
    expect(document.documentElement).toHaveAttribute('lang', 'de');
    expect(document.documentElement).toHaveAttribute('dir', 'ltr');
  });

  it('is kept on the device, and taken back by choosing the system again', async () => {
    const { user } = await draw();
    await openAppearance(user);
    await choose(user, /Language/u, 'Deutsch');
    await screen.findByRole('heading', { level: 1, name: 'Darstellung' });

    await act(() => speak('en'));
    await act(() => speakChosen());
    expect(text.dialog.cancel).toBe('Abbrechen');

    await choose(user, /Sprache/u, 'Wie das System (English)');
    expect(await screen.findByRole('heading', { level: 1, name: 'Appearance' })).toBeVisible();
    expect(document.documentElement).toHaveAttribute('lang', navigator.languages[0]);
  });

  it('that was asked for later counts, whichever is loaded first', async () => {
    const [first, second] = [speak('de'), speak('en')];
    await Promise.all([first, second]);
    expect(text.dialog.cancel).toBe('Cancel');
  });

  it('follows the region of the system', async () => {
    await speak('en', ['en-US']);
    expect(locale).toBe('en-US');
    await speak('en', ['en-GB']);
    expect(locale).toBe('en-GB');
    await speak('system', ['de-CH', 'en-GB']);
    expect([text.dialog.cancel, locale]).toEqual(['Abbrechen', 'de-CH']);
  });
});
