// Pictures of ways through the window: the switcher, and the sheet of keys.

import { dialog, shown } from './steps.mjs';

const harvest = { show: 'full', open: 'c_harvest' };

const switcher = (typed) => async (page) => {
  await shown(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type(typed);
  // What the server knows comes a moment later.
  await page.waitForTimeout(400);
};

const sheet = (typed) => async (page) => {
  await shown(page);
  await page.keyboard.press('Control+/');
  await dialog(page);
  await page.keyboard.type(typed);
};

export const JUMP_SCREENS = [
  { name: 'switcher', small: true, asks: harvest, act: switcher('') },
  { name: 'switcher-found', asks: harvest, act: switcher('me') },
  { name: 'switcher-nothing', asks: harvest, act: switcher('xyzzy') },
  { name: 'switcher-empty', asks: { show: 'empty' }, act: async (page) => {
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.keyboard.press('Control+k');
      await page.getByRole('option').first().waitFor();
    } },
  { name: 'key-sheet-found', asks: harvest, act: sheet('unread') },
  { name: 'key-sheet-nothing', asks: harvest, act: sheet('xyzzy') },
  {
    name: 'key-sheet-mac',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => Object.defineProperty(navigator, 'platform', { value: 'MacIntel' }));
      await page.keyboard.press('Meta+/');
      await dialog(page);
    },
  },
];
