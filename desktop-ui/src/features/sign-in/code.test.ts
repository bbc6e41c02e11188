import { describe, expect, it } from 'vitest';

import { complete, digitsOf, NO_DIGITS, placed, typed } from './code.ts';

describe('a pasted code', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['123-456', '123456'],
    ['Your code is 123456. It works for 10 minutes.', '123456'],
    ['no code here', ''],
  ])('is found in %j', (pasted, digits) => {
    expect(digitsOf(pasted)).toBe(digits);
  });

  it('fills all boxes wherever it lands', () => {
    expect(placed(NO_DIGITS, 3, '123456').join('')).toBe('123456');
  });

  it('that is short fills from where it lands', () => {
    expect(placed(NO_DIGITS, 2, '12')).toEqual(['', '', '1', '2', '', '']);
  });
});

it('a digit typed into a full box replaces it', () => {
  expect([typed('1', '12'), typed('1', '21'), typed('1', '11'), typed('', 'x')]).toEqual(['2', '2', '1', '']);
});

it('a code is complete with its sixth digit', () => {
  expect(complete(['1', '2', '3', '4', '5', ''])).toBeNull();
  expect(complete(['1', '2', '3', '4', '5', '6'])).toBe('123456');
});
