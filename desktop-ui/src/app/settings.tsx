// The settings over the window. Most days nobody opens them, so they are loaded when somebody does.

import { lazy, Suspense } from 'react';

const Places = lazy(async () => ({ default: (await import('./settings-places.tsx')).SettingsPlaces }));

export function Settings(props: { onClose: () => void; onSignOut: () => void }) {
  return (
    <Suspense fallback={null}>
      <Places {...props} />
    </Suspense>
  );
}
