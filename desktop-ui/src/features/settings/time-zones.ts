// The time zones this computer knows, by the names of the IANA database.

/** `held` stays choosable although this computer may not know it. */
export function timeZones(held: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return held === '' || known.includes(held) ? known : [held, ...known];
}
