// Pictures of what few people use and must work all the same: writing from right to left, a page twice as large, more
// contrast, colours of the system alone.

import { details, shown } from './steps.mjs';
import { place } from './settings-screens.mjs';

const harvest = { show: 'full', open: 'c_harvest' };
/** A window of 960 × 800 at twice the size. */
const ZOOMED = { viewport: { width: 480, height: 400 }, deviceScaleFactor: 2 };

export const SPECIAL_SCREENS = [
  { name: 'rtl', asks: { ...harvest, dir: 'rtl' }, act: details, only: { viewport: { width: 1280, height: 800 } } },
  { name: 'rtl-settings', asks: { ...harvest, dir: 'rtl' }, act: place('Profile'), only: { viewport: { width: 1000, height: 800 } } },
  { name: 'rtl-narrow', asks: { ...harvest, dir: 'rtl' }, act: shown, only: { viewport: { width: 480, height: 600 } } },
  { name: 'zoom', asks: harvest, act: shown, only: ZOOMED },
  { name: 'zoom-details', asks: harvest, act: details, only: ZOOMED },
  { name: 'zoom-settings', asks: harvest, act: place('Devices'), only: ZOOMED },
  { name: 'forced-colours', asks: harvest, act: details, only: { viewport: { width: 1280, height: 800 }, forcedColors: 'active' } },
  { name: 'more-contrast', asks: harvest, act: details, only: { viewport: { width: 1280, height: 800 }, contrast: 'more' } },
];
