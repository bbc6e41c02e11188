// No style sheet says left or right: what begins a line in one language ends it in another.

import { describe, expect, it } from 'vitest';

const sheets = Object.entries(import.meta.glob<string>('../**/*.css', { query: '?raw', import: 'default', eager: true }));

const PHYSICAL_NAME = /^(?:left|right|float|clear|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right).*|border-(?:top|bottom)-(?:left|right)-radius)$/u;
const PHYSICAL_VALUE = /^(?:text-align|justify-(?:content|items|self)|float|clear|caption-side|resize)$/u;
const FOUR_SIDES = /^(?:margin|padding|inset|border-(?:width|color|style)|scroll-(?:margin|padding))$/u;
/** What has no logical form: a rule for the other direction stands beside it in the same sheet. */
const TURNED = /^(?:translate|rotate|mask|background-position|object-position|transform-origin|box-shadow|transform)$/u;
const OTHER_DIRECTION = /:dir\(rtl\)|\[dir='rtl'\]/u;

interface Declaration {
  sheet: string;
  name: string;
  value: string;
}

function declarationsOf(sheet: string, css: string): Declaration[] {
  const bare = css.replaceAll(/\/\*[\s\S]*?\*\//gu, '');
  return [...bare.matchAll(/(?<=[{;]\s*)([a-z-]+)\s*:\s*([^;{}]+)(?=[;}])/gu)].map(([, name = '', value = '']) => ({
    sheet,
    name,
    value: value.trim(),
  }));
}

/** The parts of a value, with what is in brackets as one. */
function partsOf(value: string): string[] {
  return value.match(/(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+/gu) ?? [];
}

function isOneSided({ name, value }: Declaration): boolean {
  const parts = partsOf(value);
  if (PHYSICAL_NAME.test(name) || (PHYSICAL_VALUE.test(name) && /\b(?:left|right)\b/u.test(value))) {
    return true;
  }
  if (FOUR_SIDES.test(name)) {
    return parts.length === 4 && parts[1] !== parts[3];
  }
  // The corners go around; what is left out is as the one across.
  const [first, second = first, third = first, fourth = second] = parts;
  return name === 'border-radius' && (first !== second || third !== fourth);
}

/** Moves, turns or casts to one side. */
function turns({ name, value }: Declaration): boolean {
  if (!TURNED.test(name)) {
    return false;
  }
  if (name === 'box-shadow') {
    const across = partsOf(value).find((part) => part !== 'inset') ?? '';
    return value.startsWith('inset') && across !== '0';
  }
  if (name === 'transform') {
    return /translate(?:X|3d)?\(\s*[^0,)]|rotate/u.test(value);
  }
  return name === 'translate' ? partsOf(value)[0] !== '0' : name === 'rotate' || /\bat calc|left|right/u.test(value);
}

const all = sheets.flatMap(([sheet, css]) => declarationsOf(sheet, css));

describe('the style sheets', () => {
  it('are read whole', () => {
    expect(sheets.length).toBeGreaterThan(50);
    expect(all.length).toBeGreaterThan(1000);
    expect(all.filter(({ name }) => name === 'padding-inline').length).toBeGreaterThan(5);
  });

  it('name no side of the page', () => {
    expect(all.filter(isOneSided)).toEqual([]);
  });

  it('turn with the direction what has no logical form', () => {
    const turned = new Set(all.filter(turns).map(({ sheet }) => sheet));
    expect(turned.size).toBeGreaterThan(0);
    expect(sheets.filter(([sheet, css]) => turned.has(sheet) && !OTHER_DIRECTION.test(css)).map(([sheet]) => sheet)).toEqual([]);
  });
});

describe('this check', () => {
  const found = (css: string) => declarationsOf('a.css', `.a {\n  ${css};\n}`);

  it.each([
    'left: 0',
    'margin-left: auto',
    'padding-right: 2px',
    'text-align: left',
    'float: right',
    'padding: 1px 2px 3px 4px',
    'inset: 0 auto 0 calc(1px + 2px)',
    'border-radius: 1px 2px 0 0',
    'border-top-left-radius: 1px',
  ])('refuses %s', (css) => {
    expect(found(css).filter(isOneSided)).toHaveLength(1);
  });

  it.each(['translate: 0.5rem 0', 'rotate: 90deg', 'box-shadow: inset 2px 0 0 red', 'transform: translateX(-50%)'])(
    'asks for the other direction of %s',
    (css) => {
      expect(found(css).filter(turns)).toHaveLength(1);
    },
  );

  it.each(['padding: 1px 2px 3px', 'margin: 0 auto', 'inset-inline-start: 0', 'text-align: start', 'translate: 0 -1px', 'padding: 1px 2px 3px 2px', 'border-radius: 0 0 1px 1px'])(
    'lets %s pass',
    (css) => {
      const declarations = found(css);
      expect(declarations).toHaveLength(1);
      expect(declarations.filter((one) => isOneSided(one) || turns(one))).toEqual([]);
    },
  );
});
