import { afterEach, describe, expect, it, vi } from 'vitest';

import { digitOf, meaningOf, means, type Pressed } from './press.ts';
import { spelledKeys, spelledWays } from './spelled.ts';
import { KEY_GROUPS, KEY_NAMES, KEYS } from './table.ts';

function press(key: string, more: Partial<Pressed> = {}): Pressed {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more };
}

const onMac = () => vi.spyOn(navigator, 'platform', 'get').mockReturnValue('MacIntel');

afterEach(() => vi.restoreAllMocks());

describe('the table', () => {
  it('gives no press two meanings in one place', () => {
    for (const group of KEY_GROUPS) {
      // What is everywhere must not be taken by a part, and a part must not have a key twice.
      const names = KEY_NAMES.filter((name) => KEYS[name].group === group || KEYS[name].group === 'everywhere');
      const ways = names.flatMap((name) => [...KEYS[name].ways, ...(KEYS[name].also ?? [])]);
      expect(ways.filter((way, at) => ways.indexOf(way) !== at)).toEqual([]);
    }
  });
});

describe('a press', () => {
  it.each([
    ['switcher', press('k', { ctrlKey: true })],
    ['switcher', press('K', { ctrlKey: true })],
    ['preview', press('P', { ctrlKey: true, shiftKey: true })],
    ['back', press('ArrowLeft', { altKey: true })],
    ['back', press('[', { ctrlKey: true })],
    ['larger', press('+', { ctrlKey: true, shiftKey: true })],
    ['larger', press('+', { ctrlKey: true })],
    ['larger', press('=', { ctrlKey: true })],
    ['ordinarySize', press('à', { ctrlKey: true, code: 'Digit0' })],
    ['nth', press('&', { ctrlKey: true, code: 'Digit1' })],
    ['reply', press('R')],
    ['send', press('Enter', { ctrlKey: true })],
  ] as const)('means %s: %o', (name, event) => {
    expect(means(event, name)).toBe(true);
  });

  it('of a sign counts however the layout types it', () => {
    expect(means(press('/', { ctrlKey: true, shiftKey: true, code: 'Digit7' }), 'keys')).toBe(true);
  });

  it('of a letter counts by its place where there are no Latin letters', () => {
    expect(means(press('л', { ctrlKey: true, code: 'KeyK' }), 'switcher')).toBe(true);
    // Dvorak types k elsewhere: what it types counts.
    expect(means(press('t', { ctrlKey: true, code: 'KeyK' }), 'switcher')).toBe(false);
  });

  it.each([
    ['reply', press('r', { ctrlKey: true })],
    ['reply', press('R', { shiftKey: true })],
    ['nth', press('0', { ctrlKey: true, code: 'Digit0' })],
    ['nth', press('1', { ctrlKey: true, altKey: true, code: 'Digit1' })],
    ['send', press('Enter', { shiftKey: true })],
    ['next', press('ArrowDown', { altKey: true, shiftKey: true })],
    ['switcher', press('k', { ctrlKey: true, metaKey: true })],
  ] as const)('does not mean %s: %o', (name, event) => {
    expect(means(event, name)).toBe(false);
  });

  it('of Enter follows what the person chose', () => {
    expect(means(press('Enter'), 'send', false)).toBe(false);
    expect(means(press('Enter', { ctrlKey: true }), 'send', false)).toBe(true);
    expect(means(press('Enter'), 'newLine', false)).toBe(true);
  });

  it('is found among several meanings', () => {
    expect(meaningOf(press('ArrowUp', { altKey: true, shiftKey: true }), ['previous', 'previousUnread'])).toBe('previousUnread');
    expect(meaningOf(press('x'), ['previous', 'next'])).toBeNull();
    expect(digitOf(press('3', { code: 'Numpad3' }))).toBe(3);
  });
});

describe('on a Mac', () => {
  it('Cmd stands for Ctrl, and Ctrl stays with the text', () => {
    onMac();
    expect(means(press('k', { metaKey: true }), 'switcher')).toBe(true);
    expect(means(press('k', { ctrlKey: true }), 'switcher')).toBe(false);
  });

  it('Alt and an arrow move by a word, so going back has a key of its own', () => {
    onMac();
    expect(means(press('ArrowLeft', { altKey: true }), 'back')).toBe(false);
    expect(means(press('[', { metaKey: true }), 'back')).toBe(true);
  });

  it('keys are written with its signs', () => {
    onMac();
    expect(spelledKeys('preview')).toBe('⇧⌘P');
    expect(spelledWays('back')).toEqual([['⌘', '[']]);
  });
});

it('keys are written as words elsewhere', () => {
  expect(spelledKeys('preview')).toBe('Ctrl Shift P');
  expect(spelledWays('back')).toEqual([
    ['Alt', '←'],
    ['Ctrl', '['],
  ]);
  expect(spelledKeys('send', false)).toBe('Ctrl Enter');
  expect(spelledKeys('larger')).toBe('Ctrl +');
  expect(spelledKeys('nth')).toBe('Ctrl 1–9');
});
