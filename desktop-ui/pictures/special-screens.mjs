// Pictures of what few people use and must work all the same: writing from right to left, other languages, a page twice
// as large, more contrast, colours of the system alone.

import { details, listed, shown } from './steps.mjs';
import { place } from './settings-screens.mjs';

const harvest = { show: 'full', open: 'c_harvest' };
/** A window of 960 × 800 at twice the size. */
const ZOOMED = { viewport: { width: 480, height: 400 }, deviceScaleFactor: 2 };

const WIDE = { viewport: { width: 1280, height: 800 } };
const HIGH = { ...WIDE, contrast: 'more' };
const FORCED = { ...WIDE, forcedColors: 'active' };

const switcher = async (page) => {
  await shown(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
};

const search = async (page) => {
  await shown(page);
  await page.keyboard.press('Control+f');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type('boxes ');
  await page.locator('[data-found]').first().waitFor();
};

const support = { show: 'full', open: 'c_support' };

export const SPECIAL_SCREENS = [
  { name: 'rtl', asks: harvest, language: 'rtl', act: details, only: { viewport: { width: 1280, height: 800 } } },
  { name: 'rtl-settings', asks: harvest, language: 'rtl', act: place('Profile'), only: { viewport: { width: 1000, height: 800 } } },
  { name: 'rtl-narrow', asks: harvest, language: 'rtl', act: shown, only: { viewport: { width: 480, height: 600 } } },
  { name: 'german-list', asks: harvest, language: 'de', act: listed, only: { viewport: { width: 480, height: 600 } } },
  { name: 'german-details', asks: harvest, language: 'de', act: details, only: { viewport: { width: 1280, height: 800 } } },
  { name: 'german-devices', asks: harvest, language: 'de', act: place('Devices'), only: { viewport: { width: 480, height: 600 } } },
  { name: 'german-audit-log', asks: harvest, language: 'de', act: place('Audit log'), only: { viewport: { width: 480, height: 600 } } },
  { name: 'long-words-details', asks: harvest, language: 'long', act: details, only: { viewport: { width: 1280, height: 800 } } },
  { name: 'long-words-appearance', asks: harvest, language: 'long', act: place('Appearance'), only: { viewport: { width: 480, height: 600 } } },
  { name: 'zoom', asks: harvest, act: shown, only: ZOOMED },
  { name: 'zoom-details', asks: harvest, act: details, only: ZOOMED },
  { name: 'zoom-settings', asks: harvest, act: place('Devices'), only: ZOOMED },
  { name: 'forced-colours', asks: harvest, act: details, only: FORCED },
  { name: 'forced-colours-switcher', asks: harvest, act: switcher, only: FORCED },
  { name: 'forced-colours-search', asks: harvest, act: search, only: FORCED },
  { name: 'forced-colours-mention', asks: support, act: shown, only: FORCED },
  { name: 'more-contrast-switcher', asks: harvest, act: switcher, only: HIGH },
  { name: 'more-contrast-search', asks: harvest, act: search, only: HIGH },
  { name: 'more-contrast-mention', asks: support, act: shown, only: HIGH },
  { name: 'rtl-search', asks: harvest, language: 'rtl', act: search, only: WIDE },
  { name: 'rtl-switcher', asks: harvest, language: 'rtl', act: switcher, only: WIDE },
  { name: 'more-contrast', asks: harvest, act: details, only: HIGH },
];
