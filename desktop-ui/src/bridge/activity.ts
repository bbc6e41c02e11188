// Whether somebody is at this window, from its keys and pointer: idle after five minutes without, and while hidden.

import type { Activity } from './generated/Activity';
import type { Host } from './host.ts';

export const IDLE_AFTER_MS = 5 * 60_000;

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'focus'] as const;

/** Tells the host each time it changes, until what it gives back is called. A fresh start counts as active. */
export function followActivity(host: Host): () => void {
  let told: Activity = 'active';
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(activity: Activity) {
    if (activity !== told) {
      told = activity;
      // Not told is not harmful: presence is a hint, and the next change tells it again.
      host.setActivity(activity).catch(() => undefined);
    }
  }

  function sign() {
    if (document.visibilityState === 'hidden') {
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => tell('idle'), IDLE_AFTER_MS);
    tell('active');
  }

  function visibility() {
    if (document.visibilityState === 'hidden') {
      clearTimeout(timer);
      tell('idle');
    } else {
      sign();
    }
  }

  for (const name of SIGNS) {
    window.addEventListener(name, sign, { passive: true, capture: true });
  }
  document.addEventListener('visibilitychange', visibility);
  visibility();
  return () => {
    clearTimeout(timer);
    for (const name of SIGNS) {
      window.removeEventListener(name, sign, { capture: true });
    }
    document.removeEventListener('visibilitychange', visibility);
  };
}
