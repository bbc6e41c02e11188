import { act, renderHook } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { appearance, changeAppearance, showAppearance, stepTextSize, useAppearance } from './appearance.ts';

const [early = ''] = Object.values(
  import.meta.glob<string>('../../public/appearance.js', { query: '?raw', import: 'default', eager: true }),
);
const root = document.documentElement;
const shown = () => ({ theme: root.dataset['theme'], density: root.dataset['density'], size: root.style.fontSize });

function forget() {
  localStorage.clear();
  showAppearance();
}

afterEach(forget);

describe('the appearance', () => {
  it('is as the system says at first, and Enter sends', () => {
    expect(appearance()).toEqual({ theme: 'system', density: 'comfortable', textSize: 100, language: 'system', enterSends: true });
    expect(shown()).toEqual({ theme: undefined, density: undefined, size: '' });
  });

  it('is on the page and kept as soon as it is changed', () => {
    changeAppearance({ theme: 'dark', density: 'compact', textSize: 125 });
    expect(shown()).toEqual({ theme: 'dark', density: 'compact', size: '125%' });
    expect(JSON.parse(localStorage.getItem('loquat.appearance') ?? '')).toMatchObject({ theme: 'dark', textSize: 125 });
  });

  it('can be taken back to the ordinary', () => {
    changeAppearance({ theme: 'light', density: 'compact', textSize: 87 });
    changeAppearance({ theme: 'system', density: 'comfortable', textSize: 100 });
    expect(shown()).toEqual({ theme: undefined, density: undefined, size: '' });
  });

  it('is told to whoever draws by it', () => {
    const { result } = renderHook(() => useAppearance());
    act(() => changeAppearance({ enterSends: false }));
    expect(result.current.enterSends).toBe(false);
  });

  it.each(['not json', 'null', '7', '{"theme":"pink","density":1,"textSize":400,"language":"tlh","enterSends":"yes"}'])(
    'is ordinary where %j was kept',
    (kept) => {
      localStorage.setItem('loquat.appearance', kept);
      expect(appearance()).toEqual({ theme: 'system', density: 'comfortable', textSize: 100, language: 'system', enterSends: true });
    },
  );

  it('changes without storage too, for as long as the window is open', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('full');
    });
    changeAppearance({ theme: 'dark' });
    expect(shown().theme).toBe('dark');
    vi.restoreAllMocks();
    changeAppearance({ theme: 'system' });
  });
});

describe('the text size', () => {
  it('goes up and down in steps, and stops at the ends', () => {
    stepTextSize(1);
    expect(appearance().textSize).toBe(112);
    for (let step = 0; step < 9; step += 1) {
      stepTextSize(1);
    }
    expect(appearance().textSize).toBe(150);
    for (let step = 0; step < 9; step += 1) {
      stepTextSize(-1);
    }
    expect(appearance().textSize).toBe(87);
    stepTextSize(0);
    expect(appearance().textSize).toBe(100);
  });
});

describe('what runs before the first frame', () => {
  it.each([
    {},
    { theme: 'dark' },
    { theme: 'light', density: 'compact', textSize: 150 },
    { theme: 'system', density: 'comfortable', textSize: 87 },
    { theme: 'pink', density: 'dense', textSize: 4000 },
  ])('shows %j as the window does', (kept) => {
    localStorage.setItem('loquat.appearance', JSON.stringify(kept));
    showAppearance();
    const ours = shown();
    delete root.dataset['theme'];
    delete root.dataset['density'];
    root.style.fontSize = '';

    // It is a file of its own in the product; here it is run from its text.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    new Function(early)();

    expect({ ...shown(), size: shown().size === '100%' ? '' : shown().size }).toEqual(ours);
  });
});
