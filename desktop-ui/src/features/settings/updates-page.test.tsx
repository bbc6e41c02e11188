import { act, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { UpdateProblem } from '#bridge/device/UpdateProblem.ts';
import type { UpdateState } from '#bridge/device/UpdateState.ts';
import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { UpdatesPage } from './updates-page.tsx';

const update = { version: '0.2.0', notes: 'Faster **search**.' };
const draw = (body: string) => <p>{body}</p>;

async function page(state: UpdateState, more: { channel_is_set?: boolean } = {}) {
  const host = signedInHost();
  host.changeUpdates(state, more);
  const drawn = await renderWith(host, <UpdatesPage draw={draw} />);
  await screen.findByText('Installed version');
  return { ...drawn, host };
}

describe('the page of updates', () => {
  it('looks when asked, and says what comes of it', async () => {
    const { host, user } = await page({ state: 'idle' });
    expect(await screen.findByText('0.1.0')).toBeVisible();
    expect(screen.getByText('Not yet')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Check now' }));
    expect(await screen.findByText('Looking for a new version …')).toBeVisible();
    expect(host.calls).toContain('lookForUpdates');
    act(() => host.changeUpdates({ state: 'up_to_date' }, { last_look: Date.now() }));
    expect(await screen.findByText('Loquat is up to date.')).toBeVisible();
    expect(screen.queryByText('Not yet')).toBeNull();
  });

  it('shows how far a download is', async () => {
    const { host } = await page({ state: 'downloading', update, done: 5 * 1024 * 1024, total: 20 * 1024 * 1024 });
    const progress = await screen.findByRole('progressbar', { name: 'Download' });
    expect(progress).toHaveAttribute('value', String(5 * 1024 * 1024));
    expect(screen.getByText('5 MB of 20 MB')).toBeVisible();
    act(() => host.changeUpdates({ state: 'downloading', update, done: 1024, total: null }));
    expect(await screen.findByText('1 kB so far')).toBeVisible();
  });

  it('shows what is new, and restarts when told', async () => {
    const { host, user } = await page({ state: 'ready', update, way: { way: 'restart' } });
    expect(await screen.findByRole('region', { name: 'New in 0.2.0' })).toHaveTextContent('Faster **search**.');
    await user.click(screen.getByRole('button', { name: 'Restart and update' }));
    expect(await screen.findByText(/is being installed/)).toBeVisible();
    expect(host.calls).toContain('installUpdate');
  });

  it('gives a command where nobody can be asked', async () => {
    const command = "sudo apt-get install '/home/ada/loquat_0.2.0_amd64.deb'";
    const { user } = await page({ state: 'ready', update, way: { way: 'by_hand', command } });
    expect(await screen.findByText(command)).toBeVisible();
    expect(screen.queryByRole('button', { name: /restart/i })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Copy the command' }));
    expect(await navigator.clipboard.readText()).toBe(command);
  });

  it('lets the person choose a channel unless the organisation did', async () => {
    const { host, user, unmount } = await page({ state: 'up_to_date' });
    await user.click(await screen.findByRole('radio', { name: /still being tried/ }));
    expect(host.calls).toContain('setUpdateChannel beta');
    unmount();
    await page({ state: 'up_to_date' }, { channel_is_set: true });
    expect(await screen.findByText('Set by your organisation.')).toBeVisible();
    expect(screen.queryByRole('radio')).toBeNull();
  });

  it.each([
    [{ state: 'off' }, /Your organisation installs/],
    [{ state: 'not_built_in' }, /does not update itself/],
    [{ state: 'not_installed' }, /was not installed/],
    [{ state: 'store' }, /come from the store/],
  ] as const)('offers nothing where nothing can be done: %o', async (state, sentence) => {
    await page(state);
    expect(await screen.findByText(sentence)).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.queryByRole('radio')).toBeNull();
  });

  it.each([
    [{ problem: 'signature' }, /0\.2\.0 was not installed because its signature is not right/],
    [{ problem: 'unreachable', detail: 'connection refused' }, /It says: connection refused/],
    [{ problem: 'not_understood', detail: '' }, /cannot be used/],
    [{ problem: 'no_file' }, /not made for this computer/],
    [{ problem: 'storage', detail: 'no space left' }, /Free some space/],
    [{ problem: 'not_allowed' }, /nobody who may change this computer agreed/],
    [{ problem: 'install', detail: 'E: no room' }, /E: no room/],
    [{ problem: 'did_not_start' }, /the one before is back/],
  ] satisfies [UpdateProblem, RegExp][])('says what failed and what to do: %o', async (problem, sentence) => {
    await page({ state: 'failed', problem, version: '0.2.0' });
    expect(await screen.findByRole('alert')).toHaveTextContent(sentence);
    expect(screen.getByRole('button', { name: 'Check now' })).toBeVisible();
  });
});
