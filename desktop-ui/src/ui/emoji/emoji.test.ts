import { beforeEach, describe, expect, it } from 'vitest';

import { addPseudoLanguages } from '#testing/pseudo-languages.ts';
import { speak } from '#text/text.ts';

import { codeFor, emojiOfCode, loadEmoji, plainForm, searchEmoji, toned } from './emoji-data.ts';
import { gridOf, step } from './grid.ts';

const all = await loadEmoji('en');
const first = (query: string) => searchEmoji(all, query, 1)[0]?.char;

describe('the list of emoji', () => {
  it('has one form of each, the one that others send', () => {
    expect(plainForm('👍\uFE0F')).toBe('👍');
    expect(plainForm('❤\uFE0F')).toBe('❤\uFE0F');
    expect(all.map(({ char }) => char)).toContain('👍');
    expect(new Set(all.map(({ char }) => char)).size).toBe(all.length);
  });

  it('has no parts of others in it', () => {
    expect(all.map(({ char }) => char)).not.toContain('🏽');
    expect(all.length).toBeGreaterThan(1700);
  });

  it('knows skin tones', () => {
    const wave = emojiOfCode(all, 'wave');
    expect(wave && toned(wave, 0)).toBe('👋');
    expect(wave && toned(wave, 5)).toBe('👋🏿');
    const rocket = emojiOfCode(all, 'rocket');
    expect(rocket && toned(rocket, 5)).toBe('🚀');
  });
});

describe('searching', () => {
  it.each([
    ['+1', '👍'],
    ['tada', '🎉'],
    [':tada:', '🎉'],
    ['thumbs up', '👍'],
    ['heart', '❤️'],
    ['rocke', '🚀'],
  ])('%j finds %s first', (query, char) => {
    expect(first(query)).toBe(char);
  });

  it('finds nothing for what is no name', () => {
    expect(searchEmoji(all, 'qqqqq', 9)).toEqual([]);
    expect(searchEmoji(all, '  ', 9)).toEqual([]);
  });

  it('says under which name it was found', () => {
    const tangerine = emojiOfCode(all, 'tangerine');
    expect(tangerine && codeFor(tangerine, 'tang')).toBe('tangerine');
    expect(tangerine && codeFor(tangerine, 'mand')).toBe('mandarin');
  });
});

describe('in another language', () => {
  it.each([
    ['daumen', '👍'],
    ['Rakete', '🚀'],
    ['tada', '🎉'],
  ])('%j finds %s first', async (query, char) => {
    const german = await loadEmoji('de');
    expect(german.map((emoji) => emoji.char)).toEqual(all.map((emoji) => emoji.char));
    expect(searchEmoji(german, query, 1)[0]?.char).toBe(char);
  });
});

describe('arrows in the grid', () => {
  // Two sections: eleven emoji in lines of nine and two, and three.
  const rows = gridOf([
    { title: 'a', emoji: all.slice(0, 11) },
    { title: 'none', emoji: [] },
    { title: 'b', emoji: all.slice(20, 23) },
  ]);

  it.each([
    [0, 'ArrowRight', 1],
    [0, 'ArrowLeft', 0],
    [8, 'ArrowRight', 9],
    [3, 'ArrowDown', 10],
    [9, 'ArrowDown', 11],
    [13, 'ArrowDown', 13],
    [13, 'ArrowRight', 13],
    [11, 'ArrowUp', 9],
    [5, 'a', null],
  ])('from %i %s leads to %j', (from, key, to) => {
    expect(step(rows, from, key)).toBe(to);
  });

  it.each([
    [0, 'ArrowLeft', 1],
    [9, 'ArrowRight', 8],
    [3, 'ArrowDown', 10],
  ])('from %i %s leads to %j where lines run from right to left', async (from, key, to) => {
    addPseudoLanguages();
    await speak('rtl');
    expect(step(rows, from, key)).toBe(to);
    await speak('en');
  });

  it('shows no title without emoji', () => {
    expect(rows.flatMap((row) => (row.kind === 'title' ? [row.title] : []))).toEqual(['a', 'b']);
  });
});

describe('habits', () => {
  beforeEach(() => localStorage.clear());

  it('are not lost by what others write into the storage', async () => {
    const { chooseTone, noteUse } = await import('./habits.ts');
    localStorage.setItem('loquat.emoji', '{"tone": 2, "used": "broken"}');
    noteUse('🎉');
    chooseTone(3);
    noteUse('👀');
    noteUse('🎉');
    const kept = JSON.parse(localStorage.getItem('loquat.emoji') ?? '') as unknown;
    expect(kept).toEqual({ tone: 3, used: [{ emoji: '🎉', times: 2 }, { emoji: '👀', times: 1 }] });
  });
});
