// Draws a part of the window, or all of it, over a scripted host.

import { render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';

import { BridgeProvider } from '#bridge/context.tsx';
import type { FakeHost } from '#bridge/fake-host.ts';
import { keys } from '#bridge/keys.ts';
import { LiveCache } from '#bridge/live-cache.ts';

/** The session is known at once, as below the start of the app. */
export async function renderWith(host: FakeHost, part: ReactNode) {
  const live = new LiveCache(host);
  live.client.setQueryData(keys.session, await host.session());
  host.calls.length = 0;
  const drawn = render(
    <BridgeProvider host={host} live={live}>
      {part}
    </BridgeProvider>,
  );
  return { ...drawn, live, user: userEvent.setup() };
}
