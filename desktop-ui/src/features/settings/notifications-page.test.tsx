import { act, screen, waitFor, within } from '@testing-library/react';
import { I18nProvider } from 'react-aria-components';
import { describe, expect, it, vi } from 'vitest';

import type { JournalLine } from '#bridge/device/JournalLine.ts';
import type { FakeHost } from '#bridge/fake-host.ts';
import { NavigationProvider } from '#bridge/navigation.tsx';
import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';

import { NotificationsPage } from './notifications-page.tsx';

const HOUR_MS = 3_600_000;
const openMessage = vi.fn();

async function draw(change: (host: FakeHost) => void = () => undefined, locale = 'en-GB') {
  const host = signedInHost();
  change(host);
  const drawn = await renderWith(
    host,
    <I18nProvider locale={locale}>
      <NavigationProvider navigation={{ openMessage, openPerson: () => undefined }}>
        <NotificationsPage />
      </NavigationProvider>
    </I18nProvider>,
  );
  await screen.findByRole('radiogroup', { name: 'Tell me of' });
  return { host, ...drawn };
}

const kept = async (host: FakeHost, wanted: Partial<FakeHost['chosen']>) =>
  waitFor(() => expect(host.chosen).toMatchObject(wanted));
const hour = (group: string) => within(screen.getByRole('group', { name: group })).getByRole('spinbutton', { name: /^hour/u });

describe('what is chosen for notifications', () => {
  it('is kept at once', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('radio', { name: /^All messages/u }));
    await user.click(screen.getByRole('switch', { name: 'Sound' }));
    await user.click(screen.getByRole('switch', { name: 'Show messages on a locked screen' }));
    await user.click(screen.getByRole('radio', { name: /^Loquat ends/u }));
    await kept(host, { level: 'all', sound: false, content_when_locked: true, ends_with_window: true });
  });

  it('looks so before it is kept, and says when it cannot be', async () => {
    const { host, user } = await draw();
    host.failNext('setPreferences', { reason: 'storage', detail: '' });
    const sound = screen.getByRole('switch', { name: 'Sound' });
    await user.click(sound);
    expect(sound).not.toBeChecked();
    expect(await screen.findByRole('alert')).toHaveTextContent('This was not kept. The disk of this computer cannot be used.');
    await waitFor(() => expect(sound).toBeChecked());
  });

  it('keeps what the tray changed meanwhile', async () => {
    const { host, user } = await draw();
    const until = Date.now() + HOUR_MS;
    host.chosen = { ...host.chosen, paused_until: until };
    await user.click(screen.getByRole('switch', { name: 'Sound' }));
    await kept(host, { sound: false, paused_until: until });
    expect(await screen.findByRole('button', { name: 'Resume now' })).toBeVisible();
  });

  it('cannot be read from a broken disk, and can be tried again', async () => {
    const host = signedInHost();
    host.failNext('preferences', { reason: 'storage', detail: '' });
    const { user } = await renderWith(host, <NotificationsPage />);
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('radiogroup', { name: 'Tell me of' })).toBeVisible();
  });
});

describe('quiet hours', () => {
  it('are typed as the language writes times', async () => {
    const { host, user } = await draw();
    await user.click(screen.getByRole('switch', { name: 'Quiet hours' }));
    await kept(host, { quiet_hours: { from_min: 22 * 60, to_min: 7 * 60 } });
    expect(screen.getByText('They end on the next day.')).toBeVisible();
    act(() => hour('From').focus());
    await user.keyboard('1230');
    await kept(host, { quiet_hours: { from_min: 12 * 60 + 30, to_min: 7 * 60 } });
    act(() => hour('To').focus());
    await user.keyboard('{ArrowUp}');
    await kept(host, { quiet_hours: { from_min: 12 * 60 + 30, to_min: 8 * 60 } });
    expect(screen.queryByRole('spinbutton', { name: /AM\/PM/u })).toBeNull();
  });

  it('have mornings and afternoons where people count to twelve', async () => {
    await draw((host) => (host.chosen = { ...host.chosen, quiet_hours: { from_min: 22 * 60, to_min: 7 * 60 } }), 'en-US');
    expect(hour('From')).toHaveTextContent('10');
    const parts = within(screen.getByRole('group', { name: 'From' })).getAllByRole('spinbutton');
    expect(parts.at(-1)).toHaveTextContent('PM');
  });

  it('that begin when they end are none, and say so', async () => {
    await draw((host) => (host.chosen = { ...host.chosen, quiet_hours: { from_min: 60, to_min: 60 } }));
    expect(screen.getByText('They begin when they end, so no hour is quiet.')).toBeVisible();
  });
});

describe('a pause', () => {
  it('lasts an hour, until it is ended', async () => {
    const { host, user } = await draw();
    const before = Date.now();
    await user.click(screen.getByRole('button', { name: 'For 1 hour' }));
    expect(await screen.findByText(/^Paused\. Notifications come again (?:tomorrow )?at/u)).toBeVisible();
    await waitFor(() => expect(host.chosen.paused_until).not.toBeNull());
    expect((host.chosen.paused_until ?? 0) - before).toBeGreaterThanOrEqual(HOUR_MS);
    await user.click(screen.getByRole('button', { name: 'Resume now' }));
    await kept(host, { paused_until: null });
  });

  it('lasts until eight on the next morning', async () => {
    const { host, user } = await draw();
    const tomorrow = new Date();
    tomorrow.setDate(tomorrow.getDate() + 1);
    tomorrow.setHours(8, 0, 0, 0);
    await user.click(screen.getByRole('button', { name: /^Until tomorrow/u }));
    await kept(host, { paused_until: tomorrow.getTime() });
    expect(screen.getByText(/^Paused\. Notifications come again tomorrow at/u)).toBeVisible();
  });

  it('that is over is none', async () => {
    await draw((host) => (host.chosen = { ...host.chosen, paused_until: Date.now() - 1 }));
    expect(screen.getByRole('button', { name: 'For 1 hour' })).toBeVisible();
  });
});

describe('a test notification', () => {
  it.each([
    [{ problem: null, paused: false, quiet_hour: false }, 'status', /^It is on its way\. If you see nothing/u],
    [{ problem: null, paused: true, quiet_hour: false }, 'status', /Notifications are paused just now/u],
    [{ problem: null, paused: false, quiet_hour: true }, 'status', /It is a quiet hour just now/u],
    [{ problem: { problem: 'no_service', detail: '' }, paused: false, quiet_hour: false }, 'alert', /^Nothing on this computer/u],
    [{ problem: { problem: 'refused', detail: 'no' }, paused: false, quiet_hour: false }, 'alert', /refused.*Your system says: no/u],
    [{ problem: { problem: 'silent' }, paused: false, quiet_hour: false }, 'alert', /does not answer/u],
  ] as const)('with %o says so', async (result, role, sentence) => {
    const { user } = await draw((host) => (host.testResult = result));
    await user.click(screen.getByRole('button', { name: 'Send me a test notification' }));
    await waitFor(() =>
      expect(screen.getAllByRole(role).map((element) => element.textContent)).toContainEqual(expect.stringMatching(sentence)),
    );
  });
});

describe('the journal', () => {
  const line = (seq: number, more: Partial<JournalLine> = {}): JournalLine => ({
    at: Date.now() - seq * 1000,
    conversation: 'c_general',
    seq,
    outcome: { outcome: 'silent', why: 'not_mentioned' },
    ...more,
  });
  const said = async () => (await screen.findAllByRole('listitem')).map((item) => item.textContent);

  it('says why, the newest first, and leads to the message', async () => {
    const { user } = await draw((host) => {
      host.journal = [
        line(1, { outcome: { outcome: 'shown', content: false } }),
        line(2),
        line(3, { conversation: 'c_gone', outcome: { outcome: 'failed', problem: { problem: 'silent' } } }),
      ];
    });
    await waitFor(async () => expect((await said())[0]).toContain('#general'));
    expect(await said()).toEqual([
      expect.stringContaining('Shown without its text'),
      expect.stringContaining('it does not mention you'),
      expect.stringContaining('no longer here'),
    ]);
    await user.click(screen.getByRole('button', { name: /does not mention you/u }));
    expect(openMessage).toHaveBeenCalledWith('c_general', 2);
    expect(screen.queryByRole('button', { name: /no longer here/u })).toBeNull();
  });

  it('shows the last few, and all when asked', async () => {
    const { user } = await draw((host) => (host.journal = Array.from({ length: 30 }, (_, at) => line(at + 1))));
    expect(await said()).toHaveLength(20);
    await user.click(screen.getByRole('button', { name: 'Show all 30' }));
    expect(await said()).toHaveLength(30);
  });

  it('says that nothing arrived yet', async () => {
    await draw();
    expect(await screen.findByText('No message has arrived since Loquat was started.')).toBeVisible();
  });
});
