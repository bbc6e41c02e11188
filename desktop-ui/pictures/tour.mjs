// Goes to every screen over the scripted host, in both themes and several windows, and lets a visitor look at each.

import { chromium } from 'playwright-core';

import { FLAGS } from './browser.mjs';
import { SCREENS } from './screens.mjs';
import { serveFake } from './serve.mjs';

/** A Tuesday morning, so that pictures of two days can be compared. */
const NOW = new Date('2026-03-10T09:41:00+01:00');
const THEMES = ['light', 'dark'];
const AT_ONCE = 2;
/** What a step waits for comes within this, or not at all. */
const PATIENCE_MS = 10_000;

/**
 * Calls `look(page, name)` on every screen whose name contains `wanted`; it gives back faults. Answers how many screens
 * there were and each fault with the names of the screens that have it.
 */
export async function tour({ sizes, small = [], wanted = '', language }, look) {
  const site = await serveFake();
  const browser = await chromium.launch(FLAGS);
  const screens = SCREENS.filter(({ name }) => name.includes(wanted)).map((screen) => ({ language, ...screen }));
  const stops = stopsOf(screens, sizes, small);
  const faults = new Map();
  const waiting = [...stops];
  async function visitor() {
    for (let stop = waiting.shift(); stop !== undefined; stop = waiting.shift()) {
      for (const fault of await visit(browser, site, stop, look)) {
        faults.set(fault, [...(faults.get(fault) ?? []), stop.name]);
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
  await browser.close();
  await site.close();
  return { count: stops.length, faults };
}

function stopsOf(screens, sizes, small) {
  return THEMES.flatMap((colorScheme) =>
    screens.flatMap((screen) =>
      windowsOf(screen, sizes, small).map((window) => ({
        screen,
        window: { ...window, colorScheme },
        name: `${screen.name}-${window.viewport.width}x${window.viewport.height}-${colorScheme}`,
      })),
    ),
  );
}

function windowsOf(screen, sizes, small) {
  if (screen.only !== undefined) {
    return [screen.only];
  }
  return [...sizes, ...(screen.small === true ? small : [])].map((viewport) => ({ viewport }));
}

async function visit(browser, site, { screen, window, name }, look) {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...window,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(`console: ${message.text()}`));
  try {
    await page.clock.setFixedTime(NOW);
    await page.goto(`${site.url}/fake.html?${new URLSearchParams(screen.asks)}`);
    await page.locator('h1').first().waitFor({ state: 'attached' });
    await screen.act?.(page);
    await speak(page, screen.language);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(150);
    const found = await look(page, name);
    return [...(screen.complains === true ? [] : complaints), ...found];
  } catch (error) {
    return [...complaints, `could not get there: ${error.message.split('\n').slice(0, 3).join(' ')}`];
  } finally {
    await context.close();
  }
}

/** The way to a screen is found by English names; what is there then changes its language where it stands. */
async function speak(page, language) {
  if (language !== undefined) {
    await page.evaluate((code) => window.fakeLanguage(code), language);
  }
}

/** Prints the faults; the process fails when there are any. */
export function report(faults) {
  for (const [fault, names] of faults) {
    console.error(`${fault}\n    ${names.join(' ')}`);
  }
  process.exitCode = faults.size > 0 ? 1 : 0;
}
