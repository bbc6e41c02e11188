// Puts the window together over a host.

import './early.ts';

import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '#ui/tokens.css';
import '#ui/base.css';

import { createRoot } from 'react-dom/client';

import { BridgeProvider } from '#bridge/context.tsx';
import type { Host } from '#bridge/host.ts';
import { LiveCache } from '#bridge/live-cache.ts';
import { speak } from '#text/text.ts';
import { showAppearance, speakChosen } from '#ui/appearance.ts';

import { App } from './app.tsx';
import { ErrorScreen } from './error-screen.tsx';

export async function start(host: Host): Promise<void> {
  // Under way while the rest gets ready.
  const speaking = speakChosen();
  const root = document.getElementById('root');
  if (root === null) {
    throw new Error('The page has no element with the id root');
  }
  showAppearance();
  window.addEventListener('languagechange', () => void speakChosen().catch(() => undefined));
  const live = new LiveCache(host);
  // A language whose file is missing must not keep anybody from their messages.
  await speaking.catch(() => speak('en'));
  createRoot(root).render(
    <ErrorScreen>
      <BridgeProvider host={host} live={live}>
        <App />
      </BridgeProvider>
    </ErrorScreen>,
  );
}
