// Ways through the window: going back comes to where one was, and the list of a large company stays quick.

import assert from 'node:assert/strict';

const settle = (page) => page.waitForTimeout(300);

/** The message at the upper edge of the timeline, and where it begins. */
const top = (page) =>
  page.getByRole('log').evaluate((log) => {
    const edge = log.getBoundingClientRect().top;
    const first = [...log.querySelectorAll('[data-seq]')].find((message) => message.getBoundingClientRect().bottom > edge + 1);
    return { seq: first?.getAttribute('data-seq'), at: (first?.getBoundingClientRect().top ?? 0) - edge };
  });

async function sameTop(page, before) {
  await settle(page);
  const now = await top(page);
  assert.equal(now.seq, before.seq);
  assert.ok(Math.abs(now.at - before.at) < 3, `off by ${now.at - before.at} px`);
}

export const JUMP_RULES = [
  [
    'going back comes to the line one was at, in another conversation and in the same',
    async (page) => {
      await page.getByRole('log').evaluate((log) => log.scrollBy(0, -1400));
      await settle(page);
      const before = await top(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
      await page.keyboard.type('mei');
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Message Mei Tan' }).waitFor();
      await settle(page);
      await page.keyboard.press('Alt+ArrowLeft');
      await page.getByRole('textbox', { name: 'Message #harvest' }).waitFor();
      await sameTop(page, before);

      // A jump inside of the conversation is a step as well.
      const seq = await page.evaluate(async () => {
        const held = window.fakeHost.world.conversations.find(({ row }) => row.id === 'c_harvest');
        const early = held.items.find((item) => item.item === 'message');
        window.fakeHost.receive('c_general', 'u_tom', await window.fakeHost.messageLink('c_harvest', early.seq));
        return early.seq;
      });
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
      await page.keyboard.type('general');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'A message in #harvest' }).last().click();
      await page.locator(`[data-seq="${seq}"]`).waitFor();
      await settle(page);
      await page.keyboard.press('Alt+ArrowLeft');
      await page.getByRole('log', { name: 'Messages in #general' }).waitFor();
      await page.keyboard.press('Alt+ArrowLeft');
      await page.getByRole('textbox', { name: 'Message #harvest' }).waitFor();
      await sameTop(page, before);
      await page.keyboard.press('Alt+ArrowRight');
      await page.getByRole('log', { name: 'Messages in #general' }).waitFor();
    },
  ],
  [
    'the text of the whole window follows its keys, from 87 to 150 %, and nothing is cut off',
    async (page) => {
      const size = () => page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      const seen = [];
      await page.keyboard.press('Control+-');
      for (let step = 0; step < 6; step += 1) {
        seen.push(Math.round((100 * (await size())) / 16));
        assert.ok((await wide()) <= 0, `wider than the window at ${seen.at(-1)} %`);
        const composer = await page.getByRole('textbox').boundingBox();
        assert.ok(composer !== null && composer.y + composer.height <= 700, `the composer is out of sight at ${seen.at(-1)} %`);
        await page.keyboard.press('Control++');
      }
      assert.deepEqual(seen, [87, 100, 112, 125, 137, 150]);
      await page.keyboard.press('Control+0');
      assert.equal(await size(), 16);
    },
  ],
  [
    'of a list of thousands only the lines near the screen are drawn, and every line can be reached',
    async (page) => {
      await page.goto(`${new URL(page.url()).origin}/fake.html?show=crowd`);
      const row = page.getByTestId('conversation-row');
      await row.first().waitFor();
      await settle(page);
      assert.ok((await row.count()) < 300, `${await row.count()} lines are drawn`);
      await page.keyboard.press('F6');
      await page.keyboard.press('End');
      await settle(page);
      assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /1999|1998|[A-Z]/u);
      const last = await page.evaluate(() => document.activeElement?.getBoundingClientRect().bottom ?? 9999);
      assert.ok(last <= 700, 'the last line is out of sight');
      // Upwards from the end, line by line, nothing is missed.
      const seen = [];
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press('ArrowUp');
        seen.push(await page.evaluate(() => Number(document.activeElement?.getAttribute('data-conversation')?.slice(2))));
      }
      const gaps = seen.slice(1).map((at, index) => seen[index] - at);
      assert.ok(gaps.every((gap) => gap === 2 || gap === 4), `jumped by ${gaps}`);
    },
  ],
];
