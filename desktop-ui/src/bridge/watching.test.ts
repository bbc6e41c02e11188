import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { signedInHost } from '#testing/builders.ts';

import { followActivity, IDLE_AFTER_MS } from './activity.ts';
import { Watching } from './watching.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('what is on the screen', () => {
  it('is told once after a moment, from all who show something', async () => {
    const host = signedInHost();
    const watching = new Watching(host);
    const list = {};
    watching.look(list, { conversations: ['c_general'], people: ['u_tom'] });
    watching.look({}, { conversations: [], people: ['u_mei', 'u_tom'] });
    watching.look(list, { conversations: ['c_general'], people: ['u_ada', 'u_tom'] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.calls).toEqual(['watch c_general | u_ada u_mei u_tom']);
  });

  it('is not told again when nothing is different', async () => {
    const host = signedInHost();
    const watching = new Watching(host);
    const by = {};
    watching.look(by, { conversations: ['c_general'], people: [] });
    await vi.advanceTimersByTimeAsync(1000);
    watching.lookAway(by);
    watching.look(by, { conversations: ['c_general'], people: [] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.calls).toHaveLength(1);
    watching.lookAway(by);
    await vi.advanceTimersByTimeAsync(1000);
    expect(host.calls.at(-1)).toBe('watch  | ');
  });
});

describe('whether somebody is there', () => {
  it('is told when they stop for five minutes, and when they come back', async () => {
    const host = signedInHost();
    const stop = followActivity(host);
    await vi.advanceTimersByTimeAsync(IDLE_AFTER_MS - 1000);
    window.dispatchEvent(new Event('keydown'));
    await vi.advanceTimersByTimeAsync(IDLE_AFTER_MS - 1000);
    expect(host.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(host.calls).toEqual(['setActivity idle']);
    window.dispatchEvent(new Event('pointermove'));
    expect(host.calls).toEqual(['setActivity idle', 'setActivity active']);
    stop();
    await vi.advanceTimersByTimeAsync(2 * IDLE_AFTER_MS);
    expect(host.calls).toHaveLength(2);
  });

  it('is told when the window is hidden', () => {
    const host = signedInHost();
    const stop = followActivity(host);
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    // What moves behind a hidden window is nobody.
    window.dispatchEvent(new Event('pointermove'));
    visibility.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(host.calls).toEqual(['setActivity idle', 'setActivity active']);
    stop();
  });
});
