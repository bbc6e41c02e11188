import { readFileSync } from 'node:fs';

import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import type { FakeHost } from '#bridge/fake-host.ts';
import { signedInHost } from '#testing/builders.ts';
import { renderWith } from '#testing/render.tsx';
import { en } from '#text/en.ts';

import { NotificationsPage } from './notifications-page.tsx';
import { OrganisationPage } from './organisation-page.tsx';

const PLACE = '/etc/loquat/policy.json';
const closing = { key: 'close_to_tray', value: 'true', place: PLACE, fixed: true };

async function draw(change: (host: FakeHost) => void) {
  const host = signedInHost();
  change(host);
  return { host, ...(await renderWith(host, <OrganisationPage />)) };
}

async function drawNotifications(change: (host: FakeHost) => void) {
  const host = signedInHost();
  change(host);
  const drawn = await renderWith(host, <NotificationsPage />);
  await screen.findByRole('radiogroup', { name: 'Tell me of' });
  return { host, ...drawn };
}

describe('what the organisation decided', () => {
  it('says so when that is nothing', async () => {
    await draw(() => undefined);
    expect(await screen.findByText('Your organisation decided nothing for this device.')).toBeVisible();
  });

  it('is listed with its value and the place it comes from', async () => {
    await draw((host) => {
      host.decided = { rows: [closing, { ...closing, key: 'notification_sound', value: 'false', fixed: false }], faults: [] };
    });
    const list = await screen.findByRole('list', { name: 'Decided for this device' });
    expect(list).toHaveTextContent('Goes on when the window is closedYes');
    expect(list).toHaveTextContent('Set by your organisation until you choose');
    expect(list).toHaveTextContent(`From ${PLACE}`);
  });

  it('names what cannot be used and what was meant', async () => {
    await draw((host) => {
      host.decided = {
        rows: [],
        faults: [
          { kind: 'unknown_key', place: PLACE, key: 'auto_strat', meant: 'auto_start' },
          { kind: 'wrong_value', place: PLACE, key: 'log_level', value: '"loud"', expected: 'one of error, warn' },
        ],
      };
    });
    const ignored = await screen.findByRole('region', { name: 'Ignored' });
    expect(ignored).toHaveTextContent('"auto_strat" is not a setting of this version. Did you mean "auto_start"?');
    expect(ignored).toHaveTextContent('"log_level" is "loud", but has to be one of error, warn.');
  });

  it('has a name for everything that can be decided', () => {
    const schema = JSON.parse(readFileSync('../packaging/policy/linux/policy.schema.json', 'utf8')) as {
      properties: Record<string, unknown>;
    };
    const keys = Object.keys(schema.properties).filter((key) => key !== '$schema');
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => !(key in en.organisation.names))).toEqual([]);
  });
});

describe('a choice that the organisation made', () => {
  it('cannot be changed, and says why', async () => {
    const { host, user } = await drawNotifications((fresh) => {
      fresh.decided = { rows: [closing], faults: [] };
    });
    const group = screen.getByRole('radiogroup', { name: 'When you close the window' });
    await waitFor(() => expect(group).toHaveAccessibleDescription('Set by your organisation.'));
    await user.click(screen.getByRole('radio', { name: /^Loquat ends/u }));
    expect(host.chosen.ends_with_window).toBe(false);
    expect(screen.getByRole('switch', { name: 'Sound' })).toBeEnabled();
  });

  it('covers starting with the computer', async () => {
    const { host, user } = await drawNotifications((fresh) => {
      fresh.startsAtLogIn = { on: true, possible: true, decided: true };
    });
    const start = await screen.findByRole('switch', { name: 'Start Loquat when you log in' });
    expect(start).toBeChecked();
    expect(start).toBeDisabled();
    await user.click(start);
    expect(host.startsAtLogIn.on).toBe(true);
  });
});

describe('starting with the computer', () => {
  it('is the choice of the person where nobody else decided', async () => {
    const { host, user } = await drawNotifications(() => undefined);
    await user.click(await screen.findByRole('switch', { name: 'Start Loquat when you log in' }));
    await waitFor(() => expect(host.startsAtLogIn.on).toBe(true));
  });

  it('says when the system does not let it, and shows how it is', async () => {
    const { host, user } = await drawNotifications(() => undefined);
    host.failNext('setAutostart', { reason: 'storage', detail: '' });
    const start = await screen.findByRole('switch', { name: 'Start Loquat when you log in' });
    await user.click(start);
    expect(await screen.findByRole('alert')).toHaveTextContent('This was not kept.');
    await waitFor(() => expect(start).not.toBeChecked());
  });

  it('is not offered where it cannot be', async () => {
    await drawNotifications((fresh) => {
      fresh.startsAtLogIn = { on: false, possible: false, decided: false };
    });
    expect(screen.queryByRole('switch', { name: 'Start Loquat when you log in' })).toBeNull();
  });
});
