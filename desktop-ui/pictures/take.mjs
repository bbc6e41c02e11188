// Takes a picture of every screen over the scripted host, light and dark, in several sizes, and lets axe look at each.
//
//   npm run pictures -- /tmp/loquat-pictures [part of a screen's name [language]]
//
// A language is `de`, or one that nobody speaks: `rtl` runs from right to left, `long` has long words.
//
// Ends with a failing code when a screen cannot be reached, words do not fit, or axe finds a serious fault.

import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lookForCuts } from './look-for-cuts.mjs';
import { lookWithAxe } from './look-with-axe.mjs';
import { report, tour } from './tour.mjs';

const [folder = join(tmpdir(), 'loquat-pictures'), wanted = '', language] = process.argv.slice(2);
const SIZES = [
  { width: 1600, height: 1000 },
  { width: 800, height: 600 },
];
/** The smallest window there is, for the screens one meets every day. */
const SMALL = [{ width: 480, height: 480 }];

await mkdir(folder, { recursive: true });
const { count, faults } = await tour({ sizes: SIZES, small: SMALL, wanted, language }, async (page, name) => {
  await page.screenshot({ path: join(folder, `${name}.png`) });
  return [...(await lookForCuts(page)), ...(await lookWithAxe(page))];
});

console.log(`${count} pictures in ${folder}`);
report(faults);
