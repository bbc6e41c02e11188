// How long the switcher takes from a key to the frame that shows its result, in a workspace of 2,000 conversations and
// 5,000 people.
//
//   npm run switcher-speed
//
// Ends with a failing code when half of the presses take longer than allowed; the rest says how busy the machine was.

import { chromium } from 'playwright-core';

import { FLAGS } from './browser.mjs';
import { serveFake } from './serve.mjs';

const ALLOWED_MS = 50;
const TYPED = ['ravi', 'mt', 'design-rev', 'okafor', 'genral', 'álvarez', 'person4711@', 'qual met'];
const OPENED = 10;

const site = await serveFake();
const browser = await chromium.launch(FLAGS);
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(`${site.url}/fake.html?show=crowd`);
await page.getByRole('textbox').waitFor();

/** Notes for every press how long it is until the frame after what it changed. */
await page.evaluate(() => {
  window.presses = [];
  window.addEventListener(
    'keydown',
    (event) => {
      const began = event.timeStamp;
      // The frame is drawn right after its callbacks; a message comes behind that.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.presses.push(performance.now() - began);
        port2.postMessage(null);
      });
    },
    true,
  );
});
const taken = () => page.evaluate(() => window.presses.splice(0));
const quiet = () => page.waitForTimeout(150);

const opening = [];
for (let time = 0; time < OPENED; time += 1) {
  await quiet();
  await taken();
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  await quiet();
  opening.push(...(await taken()).slice(-1));
  await page.keyboard.press('Escape');
  await page.getByRole('combobox').waitFor({ state: 'detached' });
}

const typing = [];
for (const word of TYPED) {
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  await quiet();
  await taken();
  for (const letter of word) {
    await page.keyboard.type(letter);
    await quiet();
  }
  typing.push(...(await taken()));
  await page.keyboard.press('Escape');
  await page.getByRole('combobox').waitFor({ state: 'detached' });
}

await browser.close();
await site.close();

const slow = [told('opening', opening), told('typing', typing)].some((late) => late > ALLOWED_MS);
process.exitCode = slow ? 1 : 0;

/** Prints the median, the 95th of 100 and the longest; answers the median. */
function told(what, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  console.log(`${what}: ${sorted.length} presses, median ${at(0.5).toFixed(1)} ms, 95 % ${at(0.95).toFixed(1)} ms, longest ${at(1).toFixed(1)} ms`);
  return at(0.5);
}
