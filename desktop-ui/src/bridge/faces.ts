// The faces of people for whoever draws them: their pictures, fetched once when somebody is on the screen, and whether
// they are there. A small store of its own, because hundreds of faces on a screen must not each follow every change.

import type { QueryClient } from '@tanstack/react-query';

import type { Presence } from './generated/Presence';
import type { UserId } from './generated/UserId';
import type { Host } from './host.ts';
import { keys } from './keys.ts';
import type { People, PresenceOf } from './live-cache.ts';

/** Pictures kept in memory; the others are on the disk. One has at most some hundred kilobytes. */
export const KEPT_PICTURES = 120;

export class Faces {
  readonly #host: Host;
  readonly #client: QueryClient;
  readonly #listeners = new Map<UserId, Set<() => void>>();
  /** Data URLs by the name of the picture, the longest unused first. */
  readonly #pictures = new Map<string, string>();
  readonly #asked = new Set<string>();
  #stop: (() => void) | null = null;

  constructor(host: Host, client: QueryClient) {
    this.#host = host;
    this.#client = client;
  }

  /** While anybody listens for a person, that person's picture is had. */
  subscribe(person: UserId, listener: () => void): () => void {
    this.#stop ??= this.#follow();
    const listeners = this.#listeners.get(person) ?? new Set();
    this.#listeners.set(person, listeners.add(listener));
    this.#want(person);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        this.#listeners.delete(person);
      }
      if (this.#listeners.size === 0) {
        this.#stop?.();
        this.#stop = null;
      }
    };
  }

  pictureOf(person: UserId): string | undefined {
    const name = this.#nameOf(person);
    return name === null ? undefined : this.#pictures.get(name);
  }

  presenceOf(person: UserId): Presence | undefined {
    return this.#client.getQueryData<PresenceOf>(keys.presence)?.get(person)?.presence;
  }

  #nameOf(person: UserId): string | null {
    return this.#client.getQueryData<People>(keys.people)?.get(person)?.picture ?? null;
  }

  #follow(): () => void {
    return this.#client.getQueryCache().subscribe(({ type, query }) => {
      const [key] = query.queryKey as readonly unknown[];
      if ((type === 'updated' || type === 'removed') && (key === keys.people[0] || key === keys.presence[0])) {
        for (const person of this.#listeners.keys()) {
          this.#want(person);
        }
        this.#tellAll();
      }
    });
  }

  #want(person: UserId): void {
    const name = this.#nameOf(person);
    if (name === null || this.#asked.has(name)) {
      return;
    }
    const known = this.#pictures.get(name);
    if (known !== undefined) {
      // The one that was used last is let go of last.
      this.#pictures.delete(name);
      this.#pictures.set(name, known);
      return;
    }
    this.#asked.add(name);
    this.#host.picture(person, name).then(
      (url) => this.#have(name, url),
      // Letters stand in for it; whoever comes on the screen next asks again.
      () => this.#asked.delete(name),
    );
  }

  #have(name: string, url: string): void {
    this.#asked.delete(name);
    this.#pictures.set(name, url);
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > KEPT_PICTURES && oldest !== undefined) {
      this.#pictures.delete(oldest);
    }
    this.#tellAll();
  }

  #tellAll(): void {
    for (const listeners of this.#listeners.values()) {
      for (const listener of listeners) {
        listener();
      }
    }
  }
}
