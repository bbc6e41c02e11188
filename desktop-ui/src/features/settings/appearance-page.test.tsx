import { screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';

import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';
import { appearance, changeAppearance, showAppearance } from '#ui/appearance.ts';

import { AppearancePage } from './appearance-page.tsx';

afterEach(() => {
  localStorage.clear();
  showAppearance();
});

const draw = () => renderWith(signedInHost(), <AppearancePage />);

describe('the appearance', () => {
  it('changes at once', async () => {
    const { user } = await draw();
    await user.click(screen.getByRole('radio', { name: 'Dark' }));
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await user.click(screen.getByRole('radio', { name: 'Compact' }));
    expect(document.documentElement.dataset['density']).toBe('compact');
    await user.click(screen.getByRole('radio', { name: '137%' }));
    expect(document.documentElement.style.fontSize).toBe('137%');
  });

  it('is chosen with arrows alone', async () => {
    const { user } = await draw();
    screen.getByRole('radio', { name: 'As the system' }).focus();
    await user.keyboard('{ArrowRight}');
    expect(appearance().theme).toBe('light');
    await user.tab();
    await user.keyboard('{ArrowRight}');
    expect(appearance().density).toBe('compact');
    await user.tab();
    await user.keyboard('{ArrowLeft}');
    expect(appearance().textSize).toBe(87);
  });

  it('says what Enter does', async () => {
    const { user } = await draw();
    const enter = screen.getByRole('switch', { name: 'Enter sends the message' });
    expect(enter).toBeChecked();
    expect(enter).toHaveAccessibleDescription('Shift Enter begins a new line.');
    await user.click(enter);
    expect(appearance().enterSends).toBe(false);
    expect(enter).toHaveAccessibleDescription('Enter begins a new line. Ctrl Enter sends.');
  });

  it('shows what was chosen before', async () => {
    changeAppearance({ theme: 'light', textSize: 125 });
    await draw();
    expect(screen.getByRole('radio', { name: 'Light' })).toBeChecked();
    expect(screen.getByRole('radio', { name: '125%' })).toBeChecked();
  });
});
