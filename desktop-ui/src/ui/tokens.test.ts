// Computes WCAG contrasts from tokens.css itself, in both themes and in high contrast.

import { describe, expect, it } from 'vitest';

import css from './tokens.css?raw';

const [ordinary = '', more = ''] = css.split('@media (prefers-contrast: more)');

type Rgba = [red: number, green: number, blue: number, alpha: number];
type Theme = 'light' | 'dark';

/** The colour tokens of a style sheet: name to its light and dark colour. */
function tokensOf(sheet: string): Map<string, Record<Theme, string>> {
  const pairs = sheet.matchAll(/--([\w-]+): light-dark\((oklch\([^)]+\)), (oklch\([^)]+\))\);/gu);
  return new Map([...pairs].map(([, name = '', light = '', dark = '']) => [name, { light, dark }]));
}

const NORMAL = tokensOf(ordinary);
const HIGH = new Map([...NORMAL, ...tokensOf(more.split('@media')[0] ?? '')]);

/** Linear-light sRGB of an OKLCH colour (Björn Ottosson's matrices), clipped to what a screen can show. */
function rgba(oklch: string): Rgba {
  const numbers = oklch.match(/[\d.]+/gu)?.map(Number) ?? [];
  const [lightness = 0, chroma = 0, hue = 0, alpha = 1] = numbers;
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    alpha,
  ];
}

/** A colour over another, blended as screens blend: in gamma-encoded sRGB. */
function over(top: Rgba, below: Rgba): Rgba {
  const encode = (value: number) => (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055);
  const decode = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const [, , , alpha] = top;
  const blend = (at: 0 | 1 | 2) => decode(encode(top[at]) * alpha + encode(below[at]) * (1 - alpha));
  return [blend(0), blend(1), blend(2), 1];
}

function luminance([red, green, blue]: Rgba): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(front: Rgba, back: Rgba): number {
  const [light = 0, dark = 0] = [luminance(front), luminance(back)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** A surface, or one with a veil on it: `surface+selected`. */
function surface(tokens: Map<string, Record<Theme, string>>, theme: Theme, names: string): Rgba {
  return names
    .split('+')
    .map((name) => rgba(tokens.get(name)?.[theme] ?? fail(name)))
    .reduce((below, top) => over(top, below));
}

function fail(name: string): never {
  throw new Error(`tokens.css has no colour --${name}`);
}

const TEXT_SURFACES = ['canvas', 'canvas+hover', 'surface', 'surface+hover', 'surface+selected', 'raised', 'raised+hover', 'sunken'];
const TINTS = Array.from({ length: 8 }, (_, index) => [`on-avatar-${index}`, `avatar-${index}`] as const);

/** What words of code are drawn in; the last two are lines of a difference. */
const CODE = ['code-keyword', 'code-string', 'code-number', 'code-function', 'code-type', 'success', 'danger'];

const TEXT: (readonly [string, string])[] = [
  ...CODE.map((name) => [name, 'sunken'] as const),
  ...['text', 'text-muted', 'text-faint'].flatMap((name) => TEXT_SURFACES.map((back) => [name, back] as const)),
  ...['canvas', 'canvas+hover', 'surface', 'raised', 'accent-soft', 'warning-soft'].map((back) => ['accent', back] as const),
  ...['accent-soft', 'danger-soft', 'warning-soft'].map((back) => ['text', back] as const),
  ['text', 'mention'],
  ['accent', 'mention'],
  ['on-accent', 'accent-fill'],
  ['on-accent', 'accent-fill-hover'],
  ['on-danger', 'danger-fill'],
  ['on-danger', 'danger-fill-hover'],
  ['danger', 'canvas'],
  ['danger', 'canvas+hover'],
  ['danger', 'raised'],
  ...TINTS,
];

const SIGNS: (readonly [string, string])[] = [
  ...['canvas', 'surface', 'raised'].flatMap((back) => [
    ['line-strong', back] as const,
    ['accent-edge', back] as const,
    ['focus', back] as const,
  ]),
  // Who is there: on the list, whatever happens to its row, on bars and on what floats.
  ...['canvas', 'surface', 'surface+hover', 'surface+selected', 'raised'].flatMap((back) => [
    ['success', back] as const,
    ['warning', back] as const,
  ]),
  ['warning', 'warning-soft'],
  ['danger', 'danger-soft'],
];

describe.each([
  ['ordinary', NORMAL],
  ['high contrast', HIGH],
] as const)('%s colours', (_, tokens) => {
  describe.each(['light', 'dark'] as const)('%s', (theme) => {
    it.each(TEXT)('%s on %s can be read (4.5:1)', (front, back) => {
      const ground = surface(tokens, theme, back);
      expect(contrast(over(surface(tokens, theme, front), ground), ground)).toBeGreaterThanOrEqual(4.5);
    });

    it.each(SIGNS)('%s on %s can be seen (3:1)', (front, back) => {
      const ground = surface(tokens, theme, back);
      expect(contrast(surface(tokens, theme, front), ground)).toBeGreaterThanOrEqual(3);
    });
  });
});

it('black on white is 21:1', () => {
  expect(contrast(rgba('oklch(0 0 0)'), rgba('oklch(1 0 0)'))).toBeCloseTo(21, 1);
});

it('greys stay near neutral', () => {
  for (const name of ['canvas', 'surface', 'raised', 'sunken', 'line', 'text', 'text-muted', 'text-faint']) {
    for (const colour of Object.values(NORMAL.get(name) ?? fail(name))) {
      expect(Number(colour.split(/[ (]/u)[2]), `${name} ${colour}`).toBeLessThan(0.012);
    }
  }
});

it('no style sheet but the tokens writes a raw colour', () => {
  const sheets = import.meta.glob<string>('../**/*.css', { query: '?raw', import: 'default', eager: true });
  for (const [path, sheet] of Object.entries(sheets)) {
    if (!path.endsWith('tokens.css')) {
      expect(sheet.match(/#[\da-f]{3,8}\b|oklch\((?!from)|rgba?\(|hsla?\(/giu), path).toBeNull();
    }
  }
});
