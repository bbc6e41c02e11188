// Which press of Enter sends what was written, as the person has chosen.

import type { KeyboardEvent } from 'react';

import { useAppearance } from './appearance.ts';
import { means } from './keys/press.ts';

/** Says of a key whether it sends. Ctrl Enter always does; Shift Enter never. */
export function useSendKey(): (event: KeyboardEvent) => boolean {
  const { enterSends } = useAppearance();
  return (event) => means(event, 'send', enterSends);
}
