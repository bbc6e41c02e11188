// The settings over the window. Most days nobody opens them, so they are loaded when somebody does.

import { lazy, Suspense } from 'react';

import type { Place } from './settings-places.tsx';

const Places = lazy(async () => ({ default: (await import('./settings-places.tsx')).SettingsPlaces }));

export function Settings(props: { onClose: () => void; onSignOut: () => void; first?: Place | undefined }) {
  return (
    <Suspense fallback={null}>
      <Places {...props} />
    </Suspense>
  );
}
