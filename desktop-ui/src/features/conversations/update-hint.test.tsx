import { act, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';

import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { UpdateHint } from './update-hint.tsx';

const update = { version: '0.2.0', notes: '' };

it('is there only while a version waits', async () => {
  const host = signedInHost();
  const { user } = await renderWith(host, <UpdateHint onSettings={() => undefined} />);
  await act(async () => host.updates());
  expect(screen.queryByRole('button')).toBeNull();
  act(() => host.changeUpdates({ state: 'ready', update, way: { way: 'restart' } }));
  const hint = await screen.findByRole('button', { name: 'Restart and update' });
  expect(hint).toHaveAttribute('title', 'Version 0.2.0 is ready');
  await user.click(hint);
  await vi.waitFor(() => expect(host.calls).toContain('installUpdate'));
  await vi.waitFor(() => expect(screen.queryByRole('button')).toBeNull());
});

it('leads to the settings where a command is needed', async () => {
  const host = signedInHost();
  host.changeUpdates({ state: 'ready', update, way: { way: 'by_hand', command: 'sudo apt-get install x' } });
  const settings = vi.fn();
  const { user } = await renderWith(host, <UpdateHint onSettings={settings} />);
  await user.click(await screen.findByRole('button', { name: 'An update is ready' }));
  expect(settings).toHaveBeenCalledOnce();
});
