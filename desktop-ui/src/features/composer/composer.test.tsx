import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { keys } from '#bridge/keys.ts';
import { opened, type Timeline } from '#bridge/timeline.ts';
import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { Composer } from './composer.tsx';
import { LONGEST_BODY } from './length.ts';

async function draw(initialDraft = '') {
  const host = signedInHost();
  const held = opened(await host.openConversation('c_general'));
  const drawn = await renderWith(host, <Composer conversation="c_general" name="#general" initialDraft={initialDraft} />);
  drawn.live.client.setQueryData(keys.timeline('c_general'), held);
  const timeline = () => drawn.live.client.getQueryData<Timeline>(keys.timeline('c_general'));
  return { host, ...drawn, timeline, area: screen.getByRole('textbox', { name: 'Message #general' }) };
}

const sent = (calls: string[]) => calls.filter((call) => call.startsWith('sendMessage'));

describe('the composer', () => {
  it('has the focus', async () => {
    expect((await draw()).area).toHaveFocus();
  });

  it('sends with Enter and is empty then', async () => {
    const { host, user, area } = await draw();
    await user.keyboard('Hello{Enter}');
    expect(area).toHaveValue('');
    await waitFor(() => expect(sent(host.calls)).toEqual(['sendMessage c_general Hello']));
  });

  it('makes a new line with Shift and Enter', async () => {
    const { host, user, area } = await draw();
    await user.keyboard('one{Shift>}{Enter}{/Shift}two');
    expect(area).toHaveValue('one\ntwo');
    expect(sent(host.calls)).toEqual([]);
  });

  it('shows the message at once, before the host has answered', async () => {
    const { host, user, timeline } = await draw();
    host.sendMessage = () => new Promise(() => undefined);
    await user.keyboard('Hello{Enter}');
    expect(timeline()?.sending.map((send) => send.body)).toEqual(['Hello']);
  });

  it('hands messages over one after the other', async () => {
    const { host, user } = await draw();
    host.world.answerMs = 5;
    await user.keyboard('one{Enter}two{Enter}three{Enter}');
    await waitFor(() => expect(sent(host.calls)).toHaveLength(3));
    expect(sent(host.calls).map((call) => call.split(' ').at(-1))).toEqual(['one', 'two', 'three']);
  });

  it('sends nothing that is blank', async () => {
    const { host, user } = await draw();
    await user.keyboard('   {Enter}');
    expect(sent(host.calls)).toEqual([]);
    expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled();
  });

  it('gives the text back when this device cannot keep it', async () => {
    const { host, user, area } = await draw();
    host.failNext('sendMessage', { reason: 'storage', detail: 'disk full' });
    await user.keyboard('Important{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent("This computer can't store it.");
    expect(area).toHaveValue('Important');
  });
});

describe('the length', () => {
  it('is not mentioned while there is room', async () => {
    await draw('a'.repeat(LONGEST_BODY * 0.89));
    expect(screen.queryByText(/bytes/)).toBeNull();
  });

  it('is counted from 90 % on', async () => {
    await draw('a'.repeat(LONGEST_BODY - 100));
    expect(screen.getByText('100 bytes left')).toBeVisible();
  });

  it('is counted in bytes and refused above the limit', async () => {
    const { host, user } = await draw('ä'.repeat(LONGEST_BODY / 2 + 1));
    expect(screen.getByText('2 bytes too long. Split it into several messages.')).toBeVisible();
    await user.keyboard('{Enter}');
    expect(sent(host.calls)).toEqual([]);
  });
});

describe('a draft', () => {
  it('is there again', async () => {
    expect((await draw('half a thought')).area).toHaveValue('half a thought');
  });

  it('is saved after a pause, once', async () => {
    const { host, user } = await draw();
    await user.keyboard('half');
    await waitFor(() => expect(host.calls).toContain('saveDraft c_general half'));
    expect(host.calls.filter((call) => call.startsWith('saveDraft'))).toHaveLength(1);
  });

  it('is saved at once when the conversation is left', async () => {
    const { host, user, unmount, timeline } = await draw();
    await user.keyboard('half');
    unmount();
    expect(host.calls).toContain('saveDraft c_general half');
    expect(timeline()?.draft).toBe('half');
  });

  it('is gone once it is sent', async () => {
    const { host, user } = await draw();
    await user.keyboard('Hello{Enter}');
    expect(host.calls.filter((call) => call.startsWith('saveDraft')).at(-1)).toBe('saveDraft c_general ');
  });
});
