// Gives everything below it the faces of people: their pictures and whether they are there.

import { useState, type ReactNode } from 'react';

import { useHost, useLiveCache, usePresence } from '#bridge/context.tsx';
import { Faces } from '#bridge/faces.ts';
import { FacesContext } from '#ui/faces.tsx';

export function FacesProvider({ children }: { children: ReactNode }) {
  const host = useHost();
  const { client } = useLiveCache();
  const [faces] = useState(() => new Faces(host, client));
  // Keeps presence in the cache for as long as there is anybody to show it to.
  usePresence();
  return <FacesContext value={faces}>{children}</FacesContext>;
}
