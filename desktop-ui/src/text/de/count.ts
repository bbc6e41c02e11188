// A number and the form of the word that goes with it, in German.

import { numberText } from '#text/numbers.ts';
import { plural } from '#text/plural.ts';

export const count = (n: number, one: string, other: string) => `${numberText(n)} ${plural('de', n, { one, other })}`;
