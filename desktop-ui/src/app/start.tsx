// Puts the window together over a host.

import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '#ui/tokens.css';
import '#ui/base.css';

import { createRoot } from 'react-dom/client';

import { BridgeProvider } from '#bridge/context.tsx';
import type { Host } from '#bridge/host.ts';
import { LiveCache } from '#bridge/live-cache.ts';
import { showAppearance } from '#ui/appearance.ts';

import { App } from './app.tsx';
import { ErrorScreen } from './error-screen.tsx';

export function start(host: Host) {
  const root = document.getElementById('root');
  if (root === null) {
    throw new Error('The page has no element with the id root');
  }
  showAppearance();
  createRoot(root).render(
    <ErrorScreen>
      <BridgeProvider host={host} live={new LiveCache(host)}>
        <App />
      </BridgeProvider>
    </ErrorScreen>,
  );
}
