// The time, for what shows it. Ticks only as often as somebody looks.

import { useEffect, useState } from 'react';

/** Now, renewed every `every` milliseconds. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Whole seconds until a moment; 0 once it is past. */
export function useSecondsUntil(moment: number): number {
  const now = useNow(500);
  return Math.max(0, Math.ceil((moment - now) / 1000));
}

/** Whether a moment is past, known as soon as it is. */
export function useIsPast(moment: number | null): boolean {
  const [past, setPast] = useState<number | null>(null);
  useEffect(() => {
    if (moment === null) {
      return;
    }
    const timer = setTimeout(() => setPast(moment), Math.max(0, moment - Date.now()));
    return () => clearTimeout(timer);
  }, [moment]);
  return moment !== null && past === moment;
}
