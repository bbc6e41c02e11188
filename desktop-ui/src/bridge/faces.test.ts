import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ADA, MEI, signedInHost, TOM } from '#testing/builders.ts';

import type { FakeHost } from './fake-host.ts';
import { Faces, KEPT_PICTURES } from './faces.ts';
import { keys } from './keys.ts';
import { LiveCache } from './live-cache.ts';

let host: FakeHost;
let live: LiveCache;
let faces: Faces;
const asked = () => host.calls.filter((call) => call.startsWith('picture'));

beforeEach(async () => {
  host = signedInHost();
  host.world.people = [ADA, { ...MEI, picture: 'p_mei' }, TOM];
  host.office.pictures.set('p_mei', 'data:mei');
  host.office.presence.set(MEI.id, { person: MEI.id, presence: 'online', last_seen: null });
  live = new LiveCache(host);
  faces = new Faces(host, live.client);
  live.client.setQueryData(keys.people, await live.loadPeople());
  live.client.setQueryData(keys.presence, await live.loadPresence());
});

describe('a picture', () => {
  it('is fetched once, for whoever is on the screen', async () => {
    const told = vi.fn();
    faces.subscribe(MEI.id, told);
    faces.subscribe(MEI.id, told);
    expect(faces.pictureOf(MEI.id)).toBeUndefined();
    await vi.waitFor(() => expect(faces.pictureOf(MEI.id)).toBe('data:mei'));
    expect(asked()).toEqual(['picture u_mei p_mei']);
    expect(told).toHaveBeenCalled();
  });

  it('is not fetched for those who have none', () => {
    faces.subscribe(TOM.id, () => undefined);
    expect(asked()).toEqual([]);
  });

  it('that is changed is the new one', async () => {
    faces.subscribe(MEI.id, () => undefined);
    await vi.waitFor(() => expect(faces.pictureOf(MEI.id)).toBe('data:mei'));
    host.office.pictures.set('p_new', 'data:new');
    live.apply({ change: 'people', people: [{ ...MEI, picture: 'p_new' }] });
    await vi.waitFor(() => expect(faces.pictureOf(MEI.id)).toBe('data:new'));
  });

  it('that cannot be had is asked for again by the next who looks', async () => {
    host.failNext('picture', { reason: 'unreachable', address: '', detail: '' });
    const away = faces.subscribe(MEI.id, () => undefined);
    await vi.waitFor(() => expect(asked()).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve));
    away();
    faces.subscribe(MEI.id, () => undefined);
    await vi.waitFor(() => expect(faces.pictureOf(MEI.id)).toBe('data:mei'));
  });

  it('makes room for others when there are many', async () => {
    const crowd = Array.from({ length: KEPT_PICTURES + 1 }, (_, index) => ({ ...TOM, id: `u_${index}`, picture: `p_${index}` }));
    crowd.forEach(({ picture }) => host.office.pictures.set(picture, `data:${picture}`));
    live.apply({ change: 'people', people: crowd });
    for (const { id } of crowd) {
      faces.subscribe(id, () => undefined)();
    }
    await vi.waitFor(() => expect(faces.pictureOf(`u_${KEPT_PICTURES}`)).toBe(`data:p_${KEPT_PICTURES}`));
    expect(faces.pictureOf('u_0')).toBeUndefined();
    expect(faces.pictureOf('u_1')).toBe('data:p_1');
  });
});

describe('presence', () => {
  it('is told when it changes', () => {
    const told = vi.fn();
    faces.subscribe(MEI.id, told);
    expect(faces.presenceOf(MEI.id)).toBe('online');
    live.apply({ change: 'presence', people: [{ person: MEI.id, presence: 'away', last_seen: 7 }] });
    expect(faces.presenceOf(MEI.id)).toBe('away');
    expect(told).toHaveBeenCalled();
  });

  it('is not made up', () => {
    expect(faces.presenceOf(TOM.id)).toBeUndefined();
  });

  it('is told to nobody who looks away', () => {
    const told = vi.fn();
    faces.subscribe(MEI.id, told)();
    live.apply({ change: 'presence', people: [{ person: MEI.id, presence: 'away', last_seen: 7 }] });
    expect(told).not.toHaveBeenCalled();
  });
});
