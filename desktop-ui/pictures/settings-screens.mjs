// Pictures of the settings, of a person and of the workspace.

import { isNarrow, listed, UNREACHABLE } from './steps.mjs';

const full = { show: 'full', open: 'c_general' };

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
  ...['Profile', 'Devices', 'Appearance', 'About', 'People', 'Invitations', 'Workspace', 'Audit log'].map((name) => ({
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
  ...['Devices', 'Invitations', 'Audit log'].map((name) => ({
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
