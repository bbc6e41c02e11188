// jsdom draws nothing: what the window asks about sizes gets a plausible answer, so that lists show their lines.

import '@testing-library/jest-dom/vitest';

import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

import { speak } from '#text/text.ts';

/** What a test waits for comes at once; this only decides when it never comes, on a machine that is busy as well. */
configure({ asyncUtilTimeout: 10_000 });

const LINE_PX = 40;
const VIEWPORT_PX = 800;

class SizesOnce implements ResizeObserver {
  readonly #told: ResizeObserverCallback;

  constructor(told: ResizeObserverCallback) {
    this.#told = told;
  }

  observe(target: Element): void {
    const height = target.getAttribute('role') === 'log' ? VIEWPORT_PX : LINE_PX;
    const entry = { target, contentRect: { width: VIEWPORT_PX, height } } as ResizeObserverEntry;
    queueMicrotask(() => this.#told([entry], this));
  }

  unobserve(): void {
    // Sizes never change here.
  }

  disconnect(): void {
    // Nothing is held.
  }
}

globalThis.ResizeObserver = SizesOnce;
Object.defineProperty(HTMLElement.prototype, 'offsetParent', {
  get(this: HTMLElement) {
    return this.parentElement;
  },
});
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { get: () => VIEWPORT_PX });
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { get: () => VIEWPORT_PX });
Object.defineProperty(HTMLElement.prototype, 'offsetHeight', { get: () => LINE_PX });
Object.defineProperty(document, 'fonts', { value: new EventTarget() });
// As every start of the window does before it draws.
await speak('en');

Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollBy = () => undefined;
Element.prototype.scrollIntoView = () => undefined;

afterEach(() => {
  cleanup();
  localStorage.clear();
});
