// What a real engine shows of messages: what changes above the reader does not move what they read, and whoever walks
// the timeline by keys keeps the focus.

import assert from 'node:assert/strict';

const settle = (page) => page.waitForTimeout(250);
const log = (page) => page.getByRole('log');
const topOf = (page, seq) => page.locator(`[data-seq="${seq}"]`).evaluate((message) => message.getBoundingClientRect().top);

/** A message in the upper half of the screen, by its seq. */
const inSight = (page) =>
  log(page).evaluate((element) => {
    const edge = element.getBoundingClientRect().top + 40;
    const all = [...element.querySelectorAll('[data-seq]')];
    return Number(all.find((message) => message.getBoundingClientRect().top > edge)?.getAttribute('data-seq'));
  });

async function goUp(page, by) {
  await log(page).evaluate((element, px) => element.scrollBy(0, -px), by);
  await settle(page);
}

/** Changes a message as if somebody else had. */
const change = (page, seq, part) =>
  page.evaluate(
    ([at, changed]) => {
      const held = window.fakeHost.world.conversations.find(({ row }) => row.id === 'c_harvest');
      const now = held.items.find((item) => item.seq === at);
      window.fakeHost.changeMessage('c_harvest', { ...now, ...changed });
    },
    [seq, part],
  );

const focusedSeq = (page) =>
  page.evaluate(() => Number(document.activeElement?.closest('[data-seq]')?.getAttribute('data-seq') ?? 0));

export const MESSAGE_RULES = [
  [
    'what changes above the reader does not move what they read',
    async (page) => {
      await goUp(page, 900);
      const seq = await inSight(page);
      const before = await topOf(page, seq);
      await change(page, seq - 2, { reactions: [{ emoji: '🎉', people: ['u_tom'], mine: false }] });
      await change(page, seq - 3, { body: 'A much longer text now.\n\n'.repeat(6), edited_at: 1 });
      await settle(page);
      assert.ok(Math.abs((await topOf(page, seq)) - before) < 2, `moved by ${(await topOf(page, seq)) - before} px`);
    },
  ],
  [
    'a reaction to what is on screen leaves the end in sight',
    async (page) => {
      const last = await page.locator('[data-seq]').last().getAttribute('data-seq');
      await change(page, Number(last), { reactions: [{ emoji: '🎉', people: ['u_tom'], mine: false }] });
      await settle(page);
      const left = await log(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
      assert.ok(left < 2, `${left} px from the end`);
    },
  ],
  [
    'another width keeps the line that is read',
    async (page) => {
      await goUp(page, 1500);
      const seq = await inSight(page);
      const before = await topOf(page, seq);
      await page.setViewportSize({ width: 740, height: 700 });
      await settle(page);
      await settle(page);
      const moved = (await topOf(page, seq)) - before;
      assert.ok(Math.abs(moved) < 3, `moved by ${moved} px`);
    },
  ],
  [
    'arrows walk to the beginning and keep the focus while older pages come',
    async (page) => {
      const last = page.locator('[data-seq]').last();
      await last.focus();
      let before = await focusedSeq(page);
      for (let step = 0; step < 90; step += 1) {
        await page.keyboard.press('ArrowUp');
        await page.waitForTimeout(25);
        const now = await focusedSeq(page);
        assert.ok(now < before && now > 0, `at ${now} after ${before}`);
        before = now;
      }
      await settle(page);
      assert.equal(await focusedSeq(page), before);
      const box = await page.locator(`[data-seq="${before}"]`).boundingBox();
      assert.ok(box !== null && box.y > 0 && box.y < 700, 'it is on screen');
    },
  ],
  [
    'a quote leads far up, and the pill back',
    async (page) => {
      await page.evaluate(() => {
        const message = window.fakeHost.receive('c_harvest', 'u_tom', 'Do you remember?');
        const reply = { seq: 5, author: 'u_jonas', excerpt: 'North slope is done.', deleted: false };
        window.fakeHost.changeMessage('c_harvest', { ...message, reply });
      });
      await settle(page);
      await page.getByTestId('message').last().getByRole('button', { name: /In answer to/ }).click();
      await page.locator('[data-seq="5"]').waitFor();
      await settle(page);
      assert.equal(await focusedSeq(page), 5);
      const box = await page.locator('[data-seq="5"]').boundingBox();
      assert.ok(box !== null && box.y > 50 && box.y < 600, `it stands at ${box?.y}`);
      await page.getByRole('button', { name: /Jump to \d|To the end/ }).click();
      await page.getByTestId('message').filter({ hasText: 'Do you remember?' }).waitFor();
      await settle(page);
      const left = await log(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
      assert.ok(left < 2, `${left} px from the end`);
    },
  ],
  [
    'scrolling down from far up comes to the end without a jump',
    async (page) => {
      await page.evaluate(() => {
        const message = window.fakeHost.receive('c_harvest', 'u_tom', 'Do you remember?');
        const reply = { seq: 5, author: 'u_jonas', excerpt: 'North slope is done.', deleted: false };
        window.fakeHost.changeMessage('c_harvest', { ...message, reply });
      });
      await settle(page);
      await page.getByTestId('message').last().getByRole('button', { name: /In answer to/ }).click();
      await page.locator('[data-seq="5"]').waitFor();
      await settle(page);
      let worst = 0;
      for (let step = 0; step < 80; step += 1) {
        const seq = await inSight(page);
        const top = await topOf(page, seq);
        const room = await log(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
        if (room < 2) {
          break;
        }
        const by = Math.min(120, room);
        await log(page).evaluate((element, px) => element.scrollBy(0, px), by);
        await page.waitForTimeout(60);
        const found = page.locator(`[data-seq="${seq}"]`);
        if ((await found.count()) > 0) {
          worst = Math.max(worst, Math.abs((await topOf(page, seq)) - top + by));
        }
      }
      await page.getByTestId('message').filter({ hasText: 'Do you remember?' }).waitFor();
      assert.ok(worst < 3, `a step was off by ${worst} px`);
    },
  ],
  [
    'R answers with the composer in focus, Escape gives it up',
    async (page) => {
      await page.locator('[data-seq]').last().focus();
      await page.keyboard.press('r');
      await page.getByTestId('reply-bar').waitFor();
      await page.keyboard.type('Yes');
      assert.equal(await page.getByRole('textbox', { name: 'Message #harvest' }).inputValue(), 'Yes');
      await page.keyboard.press('Escape');
      await page.getByTestId('reply-bar').waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TEXTAREA');
    },
  ],
  [
    'answering from the menu leads to the composer',
    async (page) => {
      await page.locator('[data-seq]').last().focus();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menu').waitFor();
      await page.getByRole('menuitem', { name: 'Reply' }).click();
      await settle(page);
      await page.keyboard.type('Yes');
      assert.equal(await page.getByRole('textbox', { name: 'Message #harvest' }).inputValue(), 'Yes');
    },
  ],
  [
    'Up edits the last own message in its place, and Escape comes back',
    async (page) => {
      await page.getByRole('textbox', { name: 'Message #harvest' }).focus();
      await page.keyboard.press('ArrowUp');
      const editor = page.getByRole('textbox', { name: 'Edit message' });
      await editor.waitFor();
      await settle(page);
      await page.keyboard.type(' Really.');
      assert.match(await editor.inputValue(), / Really\.$/u);
      await page.keyboard.press('Enter');
      await settle(page);
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Message #harvest');
      await page.getByText('06:30. Really.').waitFor();
    },
  ],
  [
    'an emoji from the picker lands on the message, which has the focus again',
    async (page) => {
      const last = page.locator('[data-seq]').last();
      await last.focus();
      const seq = await focusedSeq(page);
      await page.keyboard.press('+');
      await page.getByRole('gridcell').first().waitFor();
      await page.keyboard.type('tada');
      await page.keyboard.press('Enter');
      await page.locator(`[data-seq="${seq}"]`).getByRole('button', { name: /🎉 1/ }).waitFor();
      await settle(page);
      assert.equal(await focusedSeq(page), seq);
    },
  ],
  [
    'a deletion leaves the focus on the place it leaves',
    async (page) => {
      await page.getByText('And the second van').waitFor();
      await page.getByTestId('message').filter({ hasText: 'And the second van' }).focus();
      const seq = await focusedSeq(page);
      await page.keyboard.press('Delete');
      await page.getByRole('alertdialog').waitFor();
      await page.getByRole('button', { name: 'Delete' }).click();
      await settle(page);
      assert.match(await page.locator(`[data-seq="${seq}"]`).innerText(), /This message was deleted/u);
      assert.equal(await focusedSeq(page), seq);
    },
  ],
];
