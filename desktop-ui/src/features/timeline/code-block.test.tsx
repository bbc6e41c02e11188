import { screen, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';

import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { Markdown } from './markdown.tsx';

const CODE = 'fn main() {\n\tlet crates = 42; // all of them\n}';

it('a block of code is plain at first, then coloured, and says the same', async () => {
  await renderWith(signedInHost(), <Markdown body={`\`\`\`rust\n${CODE}\n\`\`\``} />);
  const block = screen.getByRole('group', { name: 'Code, rust' });
  expect(block.textContent).toBe(CODE);
  await waitFor(() => expect(block.querySelectorAll('[style*="--code-"]').length).toBeGreaterThan(2));
  expect(block.textContent).toBe(CODE);
});

it('a block of code that was coloured before is coloured at once', async () => {
  const body = '```sql\nSELECT 1\n```';
  const first = await renderWith(signedInHost(), <Markdown body={body} />);
  await waitFor(() => expect(first.container.querySelector('[style*="--code-"]')).not.toBeNull());
  first.unmount();
  const again = await renderWith(signedInHost(), <Markdown body={body} />);
  expect(again.container.querySelector('[style*="--code-"]')).not.toBeNull();
});

it('a block of code is copied as it was written', async () => {
  const { user, container } = await renderWith(signedInHost(), <Markdown body={`\`\`\`rust\n${CODE}\n\`\`\``} />);
  await waitFor(() => expect(container.querySelector('[style*="--code-"]')).not.toBeNull());
  const copy = vi.spyOn(navigator.clipboard, 'writeText');
  await user.click(screen.getByRole('button', { name: 'Copy' }));
  expect(copy).toHaveBeenCalledWith(CODE);
});

it('a block of code in no known language stays as it is', async () => {
  await renderWith(signedInHost(), <Markdown body={'```klingon\nQapla\n```\n\n```\nplain\n```'} />);
  expect(screen.getByRole('group', { name: 'Code, klingon' })).toHaveTextContent('Qapla');
  expect(screen.getByRole('group', { name: 'Code' })).toHaveTextContent('plain');
});
