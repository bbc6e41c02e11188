// Numbers as the language in use writes them.

import { locale } from './text.ts';

const formats = new Map<string, Intl.NumberFormat>();

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let held = formats.get(key);
  if (held === undefined) {
    held = new Intl.NumberFormat(locale, options);
    formats.set(key, held);
  }
  return held;
}

/** "1,204", "5.5" */
export function numberText(n: number): string {
  return format({ maximumFractionDigits: 2 }).format(n);
}

/** "137%", from 137. */
export function percentText(percent: number): string {
  return format({ style: 'percent' }).format(percent / 100);
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
const STEP = 1024;

/** "2.6 MB", rounded up, so that something too large never reads as if it were not. */
export function sizeText(bytes: number): string {
  const fits = UNITS.findIndex((_, at) => bytes < STEP ** (at + 1));
  const at = fits < 0 ? UNITS.length - 1 : fits;
  const amount = Math.ceil((bytes / STEP ** at) * 10) / 10;
  return format({ style: 'unit', unit: UNITS[at], unitDisplay: 'short', maximumFractionDigits: 1 }).format(amount);
}
