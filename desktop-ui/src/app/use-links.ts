// The link that the app was asked to open, from outside: a message or an invitation.

import { useEffect, useState } from 'react';

import { useHost } from '#bridge/context.tsx';

/** The link that waits to be opened, and how to say that it was. */
export function useLinks(): [string | null, () => void] {
  const host = useHost();
  const [link, setLink] = useState<string | null>(null);
  useEffect(() => {
    let stop: () => void = () => undefined;
    let gone = false;
    host.listenForLinks(setLink).then(
      (stopListening) => {
        stop = stopListening;
        if (gone) {
          stop();
        }
      },
      // Without it only links from outside do nothing.
      () => undefined,
    );
    return () => {
      gone = true;
      stop();
    };
  }, [host]);
  return [link, () => setLink(null)];
}
