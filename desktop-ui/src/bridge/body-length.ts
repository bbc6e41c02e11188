// How long a message may be; the server measures in UTF-8 bytes.

export const LONGEST_BODY = 16 * 1024;

/** A counter is shown from 90 % on. */
export const COUNTED_FROM = Math.floor(LONGEST_BODY * 0.9);

const encoder = new TextEncoder();

export function bytesOf(body: string): number {
  return encoder.encode(body).length;
}
