// The digits of a sign-in code while they are typed.

export const CODE_LENGTH = 6;

export const NO_DIGITS: readonly string[] = Array.from({ length: CODE_LENGTH }, () => '');

/** Only the digits of a text; a code is often pasted as "123 456" or with a sentence around it. */
export function digitsOf(pasted: string): string {
  const together = /(?<!\d)\d{3}[\s-]?\d{3}(?!\d)/u.exec(pasted)?.[0] ?? pasted;
  return together.replace(/\D/gu, '').slice(0, CODE_LENGTH);
}

/** What was typed into a box that held `held` and now holds `now`. */
export function typed(held: string, now: string): string {
  const digits = now.replace(/\D/gu, '');
  return held !== '' && digits.length === 2 ? digits.replace(held, '') || held : digits.slice(0, CODE_LENGTH);
}

/** The digits with fresh ones placed from a box on. */
export function placed(digits: readonly string[], index: number, fresh: string): string[] {
  const start = fresh.length === CODE_LENGTH ? 0 : index;
  return digits.map((digit, at) => fresh[at - start] ?? digit);
}

/** The whole code, or null while digits are missing. */
export function complete(digits: readonly string[]): string | null {
  return digits.every((digit) => digit !== '') ? digits.join('') : null;
}
