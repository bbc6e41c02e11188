// Pictures of the settings, of a person and of the workspace.

import { isNarrow, listed, shown, UNREACHABLE } from './steps.mjs';

/** A picture of one point. */
const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

const full = { show: 'full', open: 'c_general' };

const UPDATE = {
  version: '0.2.0',
  notes:
    'Faster search, and a calmer list.\n\n- Search finds words inside **attachments’ names**\n- The list keeps its place when somebody writes\n- Updates restart only while nobody looks\n\nMore in [the changelog](https://loquat.example.org/changes).',
};

/** How updates can stand. */
const UPDATES = [
  ['downloading', { state: 'downloading', update: UPDATE, done: 7_340_032, total: 24_117_248 }],
  ['ready', { state: 'ready', update: UPDATE, way: { way: 'restart' } }],
  ['by-hand', { state: 'ready', update: UPDATE, way: { way: 'by_hand', command: "sudo apt-get install '/home/ada/.local/share/loquat/default/updates/loquat_0.2.0_amd64.deb'" } }],
  ['signature', { state: 'failed', problem: { problem: 'signature' }, version: '0.2.0' }],
  ['unreachable', { state: 'failed', problem: { problem: 'unreachable', detail: 'connection refused' }, version: null }, { channel_is_set: true }],
  ['off', { state: 'off' }],
];

async function settings(page) {
  await listed(page);
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
}

export const place = (name) => async (page) => {
  await settings(page);
  const back = page.getByRole('button', { name: 'Back to all settings' });
  if (isNarrow(page) && (await back.isVisible())) {
    await back.click();
  }
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await page.waitForTimeout(250);
};

export const SETTINGS_SCREENS = [
  ...['Profile', 'Notifications', 'Devices', 'Appearance', 'Updates', 'Connection', 'Support', 'Organisation', 'About', 'People', 'Invitations', 'Workspace', 'Audit log'].map((name) => ({
    name: `settings-${name.toLowerCase().replace(' ', '-')}`,
    small: true,
    asks: full,
    act: place(name),
  })),
  {
    name: 'settings-list',
    asks: full,
    small: true,
    act: async (page) => {
      await settings(page);
      const back = page.getByRole('button', { name: 'Back to all settings' });
      if (isNarrow(page) && (await back.isVisible())) {
        await back.click();
      }
    },
  },
  { name: 'settings-member', asks: { show: 'member', open: 'c_general' }, act: place('Profile') },
  ...['Notifications', 'Devices', 'Invitations', 'Audit log'].map((name) => ({
    name: `settings-${name.toLowerCase().replace(' ', '-')}-empty`,
    asks: { show: 'empty' },
    act: async (page) => {
      await page.getByRole('button', { name: /Your menu/i }).waitFor();
      await page.keyboard.press('Control+,');
      await page.getByRole('dialog', { name: 'Settings' }).waitFor();
      const back = page.getByRole('button', { name: 'Back to all settings' });
      if (isNarrow(page) && (await back.isVisible())) {
        await back.click();
      }
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name, exact: true }).click();
      await page.waitForTimeout(250);
    },
  })),
  {
    name: 'settings-audit-log-exported',
    asks: full,
    act: async (page) => {
      await place('Audit log')(page);
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByText('was saved as').waitFor();
    },
  },
  {
    name: 'settings-audit-log-choosing',
    asks: full,
    act: async (page) => {
      await place('Audit log')(page);
      await page.getByRole('button', { name: /Event/ }).first().click();
      await page.getByRole('option', { name: 'Deactivated' }).waitFor();
    },
  },
  {
    name: 'settings-audit-log-none',
    asks: full,
    act: async (page) => {
      await place('Audit log')(page);
      await page.getByRole('button', { name: /Event/ }).first().click();
      await page.getByRole('option', { name: 'Invitation accepted' }).click();
      await page.getByRole('combobox', { name: 'Person' }).fill('Tom');
      await page.getByRole('option', { name: 'Tom Okafor' }).click();
      await page.getByText('Nothing of this kind').waitFor();
    },
  },
  {
    name: 'settings-profile-wrong-picture',
    asks: full,
    act: async (page) => {
      await place('Profile')(page);
      const chosen = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('Not a picture') };
      await page.locator('input[type="file"]').setInputFiles(chosen);
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'settings-profile-picture',
    asks: full,
    act: async (page) => {
      await place('Profile')(page);
      const chosen = { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(DOT, 'base64') };
      await page.locator('input[type="file"]').setInputFiles(chosen);
      await page.getByRole('button', { name: 'Use this picture' }).waitFor();
    },
  },
  {
    name: 'settings-profile-no-name',
    asks: full,
    act: async (page) => {
      await place('Profile')(page);
      await page.getByRole('textbox', { name: 'Name' }).fill('');
      await page.getByText('A name is needed').waitFor();
    },
  },
  {
    name: 'settings-appearance-compact',
    asks: full,
    act: async (page) => {
      await place('Appearance')(page);
      await page.getByText('Compact', { exact: true }).click();
      await page.getByText('150%', { exact: true }).click();
      await page.waitForTimeout(200);
    },
  },
  {
    name: 'main-compact',
    asks: { show: 'full', open: 'c_harvest' },
    act: async (page) => {
      await place('Appearance')(page);
      await page.getByText('Compact', { exact: true }).click();
      await page.keyboard.press('Escape');
      await shown(page);
    },
  },
  {
    name: 'settings-devices-ended',
    asks: full,
    act: async (page) => {
      await place('Devices')(page);
      await page.getByRole('button', { name: 'Sign out all other devices' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('All other devices were signed out').waitFor();
    },
  },
  {
    name: 'settings-notifications-quiet',
    small: true,
    asks: full,
    act: async (page) => {
      await place('Notifications')(page);
      await page.getByText('Quiet hours', { exact: true }).click();
      await page.getByRole('button', { name: 'For 1 hour' }).click();
      await page.getByText('Paused. Notifications come again').waitFor();
    },
  },
  {
    name: 'settings-notifications-test',
    small: true,
    asks: full,
    act: async (page) => {
      await place('Notifications')(page);
      await page.getByRole('button', { name: 'Send me a test notification' }).click();
      await page.getByText('It is on its way').waitFor();
      await page.getByRole('list', { name: 'Latest messages' }).scrollIntoViewIfNeeded();
    },
  },
  ...['Organisation', 'Notifications'].map((name) => ({
    name: `settings-${name.toLowerCase()}-decided`,
    small: true,
    asks: full,
    act: async (page) => {
      await listed(page);
      await page.evaluate(() => {
        const set = (key, value, fixed) => ({ key, value, fixed, place: '/etc/loquat/policy.json' });
        window.fakeHost.decided = {
          rows: [
            set('server_addresses', '["https://chat.example.org", "https://labs.example.org"]', true),
            set('allow_other_servers', 'false', true),
            set('auto_start', 'true', true),
            set('close_to_tray', 'true', true),
            set('notification_sound', 'false', false),
            set('notification_content_on_locked_screen', 'false', true),
          ],
          faults: [
            { kind: 'unknown_key', place: '/etc/loquat/policy.json', key: 'auto_strat', meant: 'auto_start' },
            { kind: 'not_trusted', place: '/etc/loquat/policy.d/20-proxy.json', why: 'it belongs to somebody who is no administrator' },
          ],
        };
        window.fakeHost.startsAtLogIn = { on: true, possible: true, decided: true };
      });
      await place(name)(page);
      await page.getByText('Set by your organisation').first().waitFor();
    },
  })),
  {
    name: 'settings-notifications-refused',
    asks: full,
    act: async (page) => {
      await listed(page);
      await page.evaluate(() => {
        window.fakeHost.testResult = { ...window.fakeHost.testResult, problem: { problem: 'no_service', detail: 'no owner of the name org.freedesktop.Notifications' } };
      });
      await place('Notifications')(page);
      await page.getByRole('button', { name: 'Send me a test notification' }).click();
      await page.getByText('Your system says').waitFor();
      await page.evaluate(() => window.fakeHost.failNext('setPreferences', { reason: 'storage', detail: '' }));
      await page.getByText('Sound', { exact: true }).click();
      await page.getByText('This was not kept').waitFor();
    },
  },
  {
    name: 'settings-notifications-journal',
    asks: full,
    act: async (page) => {
      await place('Notifications')(page);
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByRole('listitem').last().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-people-menu',
    asks: full,
    act: async (page) => {
      await place('People')(page);
      await page.getByRole('button', { name: /What can be done with Mei/ }).click();
      await page.getByRole('menuitem', { name: 'Deactivate' }).waitFor();
    },
  },
  {
    name: 'settings-people-promote',
    asks: full,
    act: async (page) => {
      await place('People')(page);
      await page.getByRole('button', { name: /What can be done with Mei/ }).click();
      await page.getByRole('menuitem', { name: 'Make administrator' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'settings-people-nobody',
    asks: full,
    act: async (page) => {
      await place('People')(page);
      await page.getByRole('searchbox', { name: 'Search people' }).fill('zacharias');
      await page.getByText('Nobody is called').waitFor();
    },
  },
  {
    name: 'settings-people-offline',
    asks: full,
    act: async (page) => {
      await listed(page);
      await page.evaluate((failure) => window.fakeHost.failNext('everyone', failure), UNREACHABLE);
      await place('People')(page);
      await page.getByRole('button', { name: 'Try again' }).waitFor();
    },
  },
  {
    name: 'settings-invitations-sent',
    asks: full,
    act: async (page) => {
      await place('Invitations')(page);
      await page.getByLabel('E-mail').fill('nils@ferry.example');
      await page.getByRole('button', { name: 'Send invitation' }).click();
      await page.getByText('is on its way').waitFor();
    },
  },
  {
    name: 'settings-invitations-refused',
    asks: full,
    act: async (page) => {
      await place('Invitations')(page);
      await page.getByLabel('E-mail').fill('tom@orchard.example');
      await page.getByRole('button', { name: 'Send invitation' }).click();
      await page.getByText('in the workspace already').waitFor();
    },
  },
  {
    name: 'settings-workspace-wrong',
    asks: full,
    act: async (page) => {
      await place('Workspace')(page);
      await page.getByRole('textbox', { name: 'Name' }).fill('');
      await page.getByPlaceholder('example.org').fill('orchard');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('That is not a domain').waitFor();
    },
  },
  {
    name: 'settings-workspace-saved',
    asks: full,
    act: async (page) => {
      await place('Workspace')(page);
      await page.getByRole('textbox', { name: 'Name' }).fill('Orchard & Daughters');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Everyone sees it at once').waitFor();
    },
  },
  {
    name: 'settings-sign-out',
    asks: full,
    act: async (page) => {
      await settings(page);
      const back = page.getByRole('button', { name: 'Back to all settings' });
      if (isNarrow(page) && (await back.isVisible())) {
        await back.click();
      }
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  ...UPDATES.map(([name, state, more]) => ({
    name: `settings-updates-${name}`,
    small: name === 'ready',
    asks: full,
    act: async (page) => {
      await listed(page);
      await page.evaluate(([now, set]) => window.fakeHost.changeUpdates(now, set), [state, more ?? {}]);
      await place('Updates')(page);
    },
  })),
  {
    name: 'main-update-ready',
    small: true,
    asks: { show: 'full', open: 'c_harvest' },
    act: async (page) => {
      await shown(page);
      const state = { state: 'ready', update: UPDATE, way: { way: 'restart' } };
      await page.evaluate((now) => window.fakeHost.changeUpdates(now), state);
      if (!isNarrow(page)) {
        await page.getByRole('button', { name: 'Restart and update' }).waitFor();
      }
    },
  },
  {
    name: 'settings-about-licences',
    asks: full,
    act: async (page) => {
      await place('About')(page);
      await page.getByRole('button', { name: 'Show licences' }).click();
      await page.getByRole('searchbox', { name: 'Search licences' }).fill('tokio');
    },
  },
  {
    name: 'settings-devices-offline',
    asks: full,
    act: async (page) => {
      await listed(page);
      await page.evaluate((failure) => window.fakeHost.failNext('sessions', failure), UNREACHABLE);
      await place('Devices')(page);
    },
  },
  {
    name: 'settings-devices-end',
    asks: full,
    act: async (page) => {
      await place('Devices')(page);
      await page.getByRole('button', { name: /^Sign out ada-home/ }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'settings-people-deactivate',
    asks: full,
    act: async (page) => {
      await place('People')(page);
      await page.getByRole('button', { name: /What can be done with Tom/ }).click();
      await page.getByRole('menuitem', { name: 'Deactivate' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
];
