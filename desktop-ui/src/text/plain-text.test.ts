import { expect, it } from 'vitest';

import { plainText } from './plain-text.ts';

it.each([
  ['**Bold** and _still_ `code`', 'Bold and _still_ code'],
  ['> quoted\n\nanswer', 'quoted answer'],
  ['- [x] done\n- [ ] open', 'done open'],
  ['see [the label](https://example.org/7)', 'see the label'],
  ['```sql\nSELECT 1;\n```', 'SELECT 1;'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['a_name_with_lines', 'a_name_with_lines'],
])('%j reads %j on one line', (markdown, plain) => {
  expect(plainText(markdown)).toBe(plain);
});
