import { describe, expect, it } from 'vitest';

import { ADA, MEI, person, TOM } from '#testing/builders.ts';

import { encoded, labelled, meansMany, readable, type Labels } from './mention-draft.ts';

const OTHER = { ...person('u_mei2', 'Mei Tan'), email: 'mei.tan2@example.org' };
const MEIKE = person('u_meike', 'Mei Tanaka');
const people = new Map([ADA, MEI, TOM, OTHER, MEIKE].map((one) => [one.id, one]));
const NONE: Labels = new Map();

describe('what is written', () => {
  it.each([
    '<@u_mei> is it done',
    'Ask <@u_mei>, or <@u_tom>.',
    '<!channel> the vans are here, <!here> too',
    'Two of them: <@u_mei> and <@u_mei2>',
    '<@u_mei><@u_meike>',
    '<@u_mei>s sheet, by<@u_tom>',
    'In code `<@u_mei>` and\n```\n<@u_mei>\n```\nnot, here <@u_mei> yes',
    'nothing of the kind, a@b.example',
  ])('comes back from the field as it was: %s', (body) => {
    expect(encoded(readable(body, people))).toBe(body);
  });

  it('is read with names', () => {
    expect(readable('Ask <@u_mei>', people).words).toBe('Ask @Mei Tan');
    expect(readable('<@u_mei> <@u_mei2>', people).words).toBe('@Mei Tan @Mei Tan (mei.tan2@example.org)');
  });

  it('keeps whom it means under a new name', () => {
    const renamed = new Map([...people, [MEI.id, { ...MEI, name: 'Mei Winter' }]]);
    expect(readable('<@u_mei>', renamed).words).toBe('@Mei Winter');
  });

  it('mentions nobody by a name that was only begun, or is another', () => {
    const { labels } = labelled(NONE, { kind: 'person', person: MEI.id }, people);
    expect(encoded({ words: '@Mei Ta @Mei Tanaka x@Mei Tan', labels })).toBe('@Mei Ta @Mei Tanaka x@Mei Tan');
    expect(encoded({ words: '(@Mei Tan)!', labels })).toBe('(<@u_mei>)!');
  });

  it('means everybody also when that was typed by hand', () => {
    expect(encoded({ words: '@channel look', labels: NONE })).toBe('<!channel> look');
    expect(encoded({ words: '@channels `@here`', labels: NONE })).toBe('@channels `@here`');
  });

  it('says when it means many', () => {
    expect(meansMany('look <!here>')).toBe(true);
    expect(meansMany('look `<!here>` <@u_mei>')).toBe(false);
  });
});
