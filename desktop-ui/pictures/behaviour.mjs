// What only a real engine can show: the timeline follows its end, keeps its place, and loads what is above in time.
//
//   npm run behaviour [-- part of a rule]
//
// Ends with a failing code when a rule is broken.

import assert from 'node:assert/strict';

import { chromium } from 'playwright-core';

import { FLAGS } from './browser.mjs';
import { DIALOG_RULES } from './dialog-rules.mjs';
import { JUMP_RULES } from './jump-rules.mjs';
import { KEYBOARD_RULES } from './keyboard-rules.mjs';
import { MESSAGE_RULES } from './message-rules.mjs';
import { serveFake } from './serve.mjs';
import { STEADY_RULES } from './steady-rules.mjs';

const site = await serveFake();
const browser = await chromium.launch(FLAGS);
let broken = 0;

/** Where a message stands on the screen, by a part of its text. */
const topOf = (page, text) =>
  page.getByTestId('message').filter({ hasText: text }).last().evaluate((message) => message.getBoundingClientRect().top);

const distanceToEnd = (page) =>
  page.getByRole('log').evaluate((log) => log.scrollHeight - log.clientHeight - log.scrollTop);

const receive = (page, body) =>
  page.evaluate((text) => window.fakeHost.receive('c_harvest', 'u_tom', text), body);

/** Two frames and what they start. */
const settle = (page) => page.waitForTimeout(200);

/** A message in the middle of the screen and where it stands. */
async function landmark(page) {
  const body = await page.getByRole('log').evaluate((log) => {
    const middle = log.getBoundingClientRect().top + log.clientHeight / 2;
    const all = [...log.querySelectorAll('[data-testid="message"]')];
    return all.find((message) => message.getBoundingClientRect().top > middle)?.getAttribute('data-seq');
  });
  const find = () => page.locator(`[data-seq="${body}"]`).evaluate((message) => message.getBoundingClientRect().top);
  return { find, top: await find() };
}

const [wanted = ''] = process.argv.slice(2);

async function rule(says, act) {
  if (!says.includes(wanted)) {
    return;
  }
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  try {
    await page.goto(`${site.url}/fake.html?show=full&open=c_harvest`);
    await page.getByRole('log').waitFor();
    await settle(page);
    await settle(page);
    await act(page);
    console.log(`ok      ${says}`);
  } catch (error) {
    broken += 1;
    console.error(`broken  ${says}\n        ${error.message}`);
  }
  await page.close();
}

await rule('a conversation that fits has nowhere to jump to', async (page) => {
  await page.locator('[data-conversation="c_general"]').click();
  await page.getByRole('log', { name: 'Messages in #general' }).waitFor();
  await settle(page);
  assert.equal(await page.getByRole('button', { name: /Jump to \d|To the end/ }).count(), 0);
});

await rule('a new message at the end is shown', async (page) => {
  await receive(page, 'Here I am');
  await settle(page);
  assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
});

await rule('a growing composer leaves the end in sight', async (page) => {
  await page.getByRole('textbox').fill('one\ntwo\nthree\nfour\nfive\nsix');
  await settle(page);
  assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
});

await rule('a narrower window leaves the end in sight', async (page) => {
  await page.setViewportSize({ width: 740, height: 500 });
  await settle(page);
  assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
});

await rule('a new message does not move what one reads further up', async (page) => {
  await page.getByRole('log').evaluate((log) => log.scrollBy(0, -900));
  await settle(page);
  const mark = await landmark(page);
  await receive(page, 'Here I am');
  await settle(page);
  assert.ok(Math.abs((await mark.find()) - mark.top) < 2, `moved by ${(await mark.find()) - mark.top} px`);
  await page.getByRole('button', { name: 'Jump to 1 new message' }).click();
  await settle(page);
  assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
});

await rule('an own message goes to the end from anywhere', async (page) => {
  await page.getByRole('log').evaluate((log) => log.scrollBy(0, -900));
  await settle(page);
  await page.getByRole('textbox').fill('Mine');
  await page.keyboard.press('Enter');
  await settle(page);
  assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
});

await rule('an own message stays where it is when it is stored', async (page) => {
  await page.getByRole('textbox').fill('Mine');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(60);
  const pressed = await topOf(page, 'Mine');
  await page.locator('[data-state="stored"]').filter({ hasText: 'Mine' }).waitFor();
  await settle(page);
  assert.ok(Math.abs((await topOf(page, 'Mine')) - pressed) < 1, `moved by ${(await topOf(page, 'Mine')) - pressed} px`);
});

await rule('older pages load before the edge is seen, and nothing jumps', async (page) => {
  const log = page.getByRole('log');
  let worst = 0;
  for (let step = 0; step < 60; step += 1) {
    const mark = await landmark(page);
    const above = await log.evaluate((element) => Math.min(150, element.scrollTop));
    await log.evaluate((element) => element.scrollBy(0, -150));
    await page.waitForTimeout(60);
    worst = Math.max(worst, Math.abs((await mark.find()) - mark.top - above));
    if (await page.getByText('This is the beginning of #harvest').isVisible()) {
      break;
    }
    assert.equal(await page.getByText('Loading earlier').isVisible(), false, 'the edge was seen');
  }
  assert.ok(await page.getByText('This is the beginning of #harvest').isVisible(), 'never came to the beginning');
  const asked = await page.evaluate(() => window.fakeHost.calls.filter((call) => call.startsWith('earlier')));
  assert.equal(new Set(asked).size, asked.length, `asked twice: ${asked}`);
  assert.equal(asked.length, 2);
  assert.ok(worst < 2, `a step was off by ${worst} px`);
});

await rule('a dialog gives the focus to what it opened', async (page) => {
  await page.keyboard.press('Control+n');
  await page.getByRole('option', { name: /Ravi/ }).waitFor();
  await page.keyboard.type('Ravi');
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Chosen people' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Message Ravi Menon' }).waitFor();
  await settle(page);
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  assert.equal(focused, 'Message Ravi Menon');
});

await rule('a dialog that is closed gives the focus back', async (page) => {
  await page.keyboard.press('Control+n');
  await page.getByRole('searchbox').waitFor();
  await page.keyboard.press('Escape');
  await settle(page);
  const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  assert.equal(focused, 'Message #harvest');
});

for (const [says, act] of [...MESSAGE_RULES, ...STEADY_RULES, ...KEYBOARD_RULES, ...JUMP_RULES]) {
  await rule(says, act);
}

// These measure no moments, so they need no quiet machine.
const dialogs = [...DIALOG_RULES];
async function inTurn() {
  for (let next = dialogs.shift(); next !== undefined; next = dialogs.shift()) {
    await rule(...next);
  }
}
await Promise.all(Array.from({ length: 3 }, inTurn));

await browser.close();
await site.close();
process.exitCode = broken > 0 ? 1 : 0;
