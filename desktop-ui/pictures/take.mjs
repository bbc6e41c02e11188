// Takes a picture of every screen over the scripted host, light and dark, in three sizes, and lets axe look at each.
//
//   npm run pictures -- /tmp/loquat-pictures [part of a screen's name]
//
// Ends with a failing code when axe finds a serious fault.

import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { chromium } from 'playwright-core';

import { FLAGS } from './browser.mjs';
import { SCREENS } from './screens.mjs';
import { serve } from './serve.mjs';

const [folder = join(tmpdir(), 'loquat-pictures'), wanted = ''] = process.argv.slice(2);
const SIZES = [
  { width: 1280, height: 800 },
  { width: 800, height: 600 },
  { width: 480, height: 480 },
];
const THEMES = ['light', 'dark'];
/** A Tuesday morning, so that pictures of two days can be compared. */
const NOW = new Date('2026-03-10T09:41:00+01:00');
const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

await mkdir(folder, { recursive: true });
const site = await serve(new URL('../dist-fake/', import.meta.url));
const browser = await chromium.launch(FLAGS);

let pictures = 0;
const faults = [];
for (const colorScheme of THEMES) {
  for (const viewport of SIZES) {
    const context = await browser.newContext({
      viewport,
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    for (const screen of SCREENS.filter(({ name }) => name.includes(wanted))) {
      const name = `${screen.name}-${viewport.width}x${viewport.height}-${colorScheme}`;
      faults.push(...(await take(context, screen, name)).map((fault) => ({ fault, name })));
      pictures += 1;
    }
    await context.close();
  }
}
await browser.close();
await site.close();

console.log(`${pictures} pictures in ${folder}`);
for (const [fault, where] of grouped(faults)) {
  console.error(`${fault}\n    ${where.join(' ')}`);
}
process.exitCode = faults.length > 0 ? 1 : 0;

/** Takes one picture; gives back what axe finds serious, and what the page itself complained about. */
async function take(context, screen, name) {
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  await page.clock.setFixedTime(NOW);
  await page.goto(`${site.url}/fake.html?${new URLSearchParams(screen.asks)}`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await screen.act?.(page, context);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(150);
  await page.screenshot({ path: join(folder, `${name}.png`) });

  // As a script of its own the policy of the window would not let it in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  await page.close();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return [...complaints, ...serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`)];
}

/** Each fault once, with the screens that have it. Names that React Aria and the style sheets make up are left out. */
function grouped(all) {
  const screens = new Map();
  for (const { fault, name } of all) {
    const plain = fault.replaceAll(/ (?:class|id|aria-labelledby)="[^"]*"/gu, '');
    screens.set(plain, [...(screens.get(plain) ?? []), name]);
  }
  return screens;
}
