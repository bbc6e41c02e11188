// Where pictures of people and their presence come from, for whoever draws them. The window puts a source in place;
// without one everybody has their letters.

import { createContext, use, useCallback, useSyncExternalStore } from 'react';

export type Presence = 'online' | 'away' | 'offline';

export interface FaceSource {
  /** Tells when something of this person's face may be different. Whoever is subscribed to is on the screen. */
  subscribe(person: string, listener: () => void): () => void;
  /** A data URL; undefined without a picture, or while it is on its way. */
  pictureOf(person: string): string | undefined;
  /** Undefined when it is not known. */
  presenceOf(person: string): Presence | undefined;
}

const NO_FACES: FaceSource = {
  subscribe: () => () => undefined,
  pictureOf: () => undefined,
  presenceOf: () => undefined,
};

export const FacesContext = createContext<FaceSource>(NO_FACES);

export function usePicture(person: string): string | undefined {
  const faces = use(FacesContext);
  return useSyncExternalStore(useSubscribe(person), () => faces.pictureOf(person));
}

export function usePresenceDot(person: string): Presence | undefined {
  const faces = use(FacesContext);
  return useSyncExternalStore(useSubscribe(person), () => faces.presenceOf(person));
}

function useSubscribe(person: string) {
  const faces = use(FacesContext);
  return useCallback((listener: () => void) => faces.subscribe(person, listener), [faces, person]);
}
