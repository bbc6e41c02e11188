import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import { keys } from '#bridge/keys.ts';
import type { Timeline } from '#bridge/timeline.ts';
import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { App } from './app.tsx';

const called = (host: FakeHost, call: string) => host.calls.filter((made) => made.startsWith(call));
const composer = () => screen.findByRole('textbox', { name: 'Message #general' });

async function draw(host: FakeHost = signedInHost()) {
  const drawn = await renderWith(host, <App />);
  const field = await composer();
  await screen.findAllByTestId('message');
  return { host, field, ...drawn };
}

/** As the system does it to a window that is closed: it is hidden, and later ended without another word. */
function hide() {
  const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  fireEvent(document, new Event('visibilitychange'));
  hidden.mockRestore();
}

describe('a hidden window', () => {
  it('keeps the draft at once', async () => {
    const { host, field } = await draw();
    fireEvent.change(field, { target: { value: 'half a th' } });
    expect(called(host, 'saveDraft')).toEqual([]);
    hide();
    expect(called(host, 'saveDraft')).toHaveLength(1);
    await waitFor(() => expect(host.world.conversations[0]?.draft).toBe('half a th'));
  });
});

describe('a window that is started again', () => {
  it('has the pane open that was open, and the draft', async () => {
    const { host, user, field } = await draw();
    await user.click(screen.getByRole('button', { name: /show details/u }));
    await screen.findByRole('complementary', { name: 'Details' });
    fireEvent.change(field, { target: { value: 'half a th' } });
    hide();
    await waitFor(() => expect(host.world.conversations[0]?.draft).toBe('half a th'));
    cleanup();

    const again = await draw(host);
    expect(await screen.findByRole('complementary', { name: 'Details' })).toBeVisible();
    expect(again.field).toHaveValue('half a th');
  });

  it('shows the mentions when they were open', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('button', { name: 'Mentions' }));
    await screen.findByRole('heading', { level: 1, name: 'Mentions' });
    hide();
    cleanup();

    await renderWith(host, <App />);
    expect(await screen.findByRole('heading', { level: 1, name: 'Mentions' })).toBeVisible();
  });

  it('is at the message where the reader was, far from the end', async () => {
    const host = signedInHost(Array.from({ length: 300 }, (_, at) => `Line ${at + 1}`));
    const { live } = await draw(host);
    live.readAt('c_general', { seq: 40, below: -12 });
    hide();
    cleanup();
    host.calls.length = 0;

    const again = await draw(host);
    expect(called(host, 'around c_general 40')).toHaveLength(1);
    expect(screen.queryByText('Line 300')).toBeNull();
    const held = again.live.client.getQueryData<Timeline>(keys.timeline('c_general'));
    expect(held?.target).toMatchObject({ seq: 40, below: -12 });
  });

  it('is at the end when the reader was', async () => {
    const host = signedInHost(Array.from({ length: 300 }, (_, at) => `Line ${at + 1}`));
    const { live } = await draw(host);
    live.readAt('c_general', null);
    hide();
    cleanup();

    await draw(host);
    expect(await screen.findByText('Line 300')).toBeVisible();
  });
});

describe('quitting', () => {
  it('by its key keeps what was typed first', async () => {
    const { host, user, field } = await draw();
    fireEvent.change(field, { target: { value: 'half a th' } });
    await user.keyboard('{Control>}q{/Control}');
    await waitFor(() => expect(called(host, 'quit')).toHaveLength(1));
    const order = host.calls.filter((call) => /^(?:saveDraft|quit)/u.test(call)).map((call) => call.split(' ')[0]);
    expect(order).toEqual(['saveDraft', 'quit']);
  });

  it('works from the menu of the workspace', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('button', { name: /workspace menu/u }));
    await user.click(await screen.findByRole('menuitem', { name: 'Quit Loquat' }));
    await waitFor(() => expect(called(host, 'quit')).toHaveLength(1));
  });

  it('works over a dialog', async () => {
    const { host, user } = await draw();
    await user.keyboard('{Control>},{/Control}');
    await screen.findByRole('dialog', { name: 'Settings' });
    await user.keyboard('{Control>}q{/Control}');
    await waitFor(() => expect(called(host, 'quit')).toHaveLength(1));
  });
});
