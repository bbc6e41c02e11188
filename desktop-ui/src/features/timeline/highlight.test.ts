import { describe, expect, it } from 'vitest';

import { highlight } from './highlight.ts';
import { LANGUAGES } from './languages.ts';

async function coloured(code: string, language: string): Promise<Record<string, string | undefined>> {
  const lines = (await highlight(code, language)) ?? [];
  return Object.fromEntries(lines.flat().map(({ text, colour }) => [text.trim(), colour]));
}

describe('colouring code', () => {
  it('tells keywords, strings, numbers and comments apart', async () => {
    const words = await coloured('const crates = 42; // forty-two\nlet name = "plum";', 'ts');
    expect(words['const']).toBe('var(--code-keyword)');
    expect(words['42']).toBe('var(--code-number)');
    expect(words['// forty-two']).toBe('var(--text-faint)');
    expect(Object.entries(words).find(([word]) => word.includes('plum'))?.[1]).toBe('var(--code-string)');
  });

  it('changes no letter of the text', async () => {
    const code = '\tSELECT *\n\n  FROM crates -- all\r\n WHERE "a" = \'b\';\n';
    const lines = await highlight(code, 'SQL');
    expect(lines?.map((line) => line.map(({ text }) => text).join('')).join('\n')).toBe(code.replaceAll('\r\n', '\n'));
  });

  it('leaves a language it does not know alone', async () => {
    expect(await highlight('beep', 'klingon')).toBeNull();
  });

  it('shows what was added and removed in a difference', async () => {
    const words = await coloured('-old\n+new', 'diff');
    expect(Object.values(words)).toContain('var(--success)');
    expect(Object.values(words)).toContain('var(--danger)');
  });

  it.each([...LANGUAGES.keys()])('has a grammar for %s', async (language) => {
    expect(await highlight('x = 1\n', language)).toHaveLength(2);
  });
});
