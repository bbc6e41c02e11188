// Nothing flickers and nothing jumps, in no frame: of an own message, and of what one reads while something arrives,
// grows, or goes wrong around it.

import assert from 'node:assert/strict';

import { drift, watchedFrames, watchFrames } from './frames.mjs';

const settle = (page) => page.waitForTimeout(250);
const log = (page) => page.getByRole('log');
const distanceToEnd = (page) => log(page).evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);

/** Scrolls up and answers with the selector of the first message that is wholly on screen. */
async function readFurtherUp(page, by = 900) {
  await log(page).evaluate((element, px) => element.scrollBy(0, -px), by);
  await settle(page);
  const seq = await log(page).evaluate((element) => {
    const edge = element.getBoundingClientRect().top;
    const all = [...element.querySelectorAll('[data-seq]')];
    return Number(all.find((message) => message.getBoundingClientRect().top >= edge)?.getAttribute('data-seq'));
  });
  return { seq, selector: `[data-seq="${seq}"]` };
}

/** Watches a message while `act` happens, and until everything has settled. */
async function staysWhile(page, selector, act) {
  await watchFrames(page, selector);
  await act();
  await settle(page);
  await settle(page);
  const frames = await watchedFrames(page);
  assert.ok(frames.length > 5, `only ${frames.length} frames`);
  assert.ok(frames.every(({ count }) => count === 1), 'it was away, or there twice');
  assert.ok(drift(frames) < 2, `it moved by ${drift(frames)} px`);
}

/** Changes a message as if somebody else had. */
const change = (page, seq, part) =>
  page.evaluate(
    ([at, changed]) => {
      const held = window.fakeHost.world.conversations.find(({ row }) => row.id === 'c_harvest');
      window.fakeHost.changeMessage('c_harvest', { ...held.items.find((item) => item.seq === at), ...changed });
    },
    [seq, part],
  );

const OWN = '[data-testid="message"]';

export const STEADY_RULES = [
  [
    'an own message is there in the frame of the key press, and never away or double after that',
    async (page) => {
      await page.evaluate(() => {
        window.addEventListener('keydown', (event) => {
          if (event.key !== 'Enter') {
            return;
          }
          requestAnimationFrame(() => {
            const own = [...document.querySelectorAll('[data-testid="message"]')].filter((one) => one.textContent.includes('Mine alone'));
            window.firstFrame = { count: own.length, left: document.querySelector('textarea').value };
            const list = document.querySelector('[role="log"]');
            const eye = new IntersectionObserver(([seen]) => {
              window.firstFrame.shown = seen.intersectionRatio;
              eye.disconnect();
            }, { root: list });
            own.forEach((one) => eye.observe(one));
          });
        }, { capture: true });
      });
      await page.getByRole('textbox').fill('Mine alone');
      await watchFrames(page, OWN, 'Mine alone');
      await page.keyboard.press('Enter');
      await page.locator('[data-state="stored"]').filter({ hasText: 'Mine alone' }).waitFor();
      await settle(page);
      const all = await watchedFrames(page);
      assert.deepEqual(await page.evaluate(() => window.firstFrame), { count: 1, left: '', shown: 1 });
      const frames = all.slice(all.findIndex(({ count }) => count > 0));
      assert.deepEqual(frames.filter(({ count }) => count !== 1), [], 'it was away, or there twice');
      assert.ok(drift(frames) < 1, `it moved by ${drift(frames)} px`);
    },
  ],
  [
    'a message that the computer cannot keep comes back as text, with the reason',
    async (page) => {
      await page.evaluate(() => window.fakeHost.failNext('sendMessage', { reason: 'storage', detail: '' }));
      await page.getByRole('textbox').fill('Do not lose this');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('Free some space').waitFor();
      assert.equal(await page.getByRole('textbox').inputValue(), 'Do not lose this');
      assert.equal(await page.getByTestId('message').filter({ hasText: 'Do not lose this' }).count(), 0);
      assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
    },
  ],
  [
    'a message that the server refuses keeps its text and its place and says why',
    async (page) => {
      await page.evaluate(() => (window.fakeHost.world.deliveryMs = 60_000));
      await page.getByRole('textbox').fill('Too much for them');
      await page.keyboard.press('Enter');
      await page.locator('[data-state="pending"]').waitFor();
      // It is drawn before the host has it.
      await page.waitForFunction(() => window.fakeHost.world.conversations.find(({ row }) => row.id === 'c_harvest').pending.length > 0);
      await page.evaluate(() => {
        const { client_id } = window.fakeHost.world.conversations.find(({ row }) => row.id === 'c_harvest').pending[0];
        window.fakeHost.refuse(client_id, { reason: 'refused', code: 'body_too_long', detail: '', retry_after_s: null, tries_left: null });
      });
      const failed = page.locator('[data-state="failed"]');
      await failed.getByText('Not sent. The message is too long').waitFor();
      await settle(page);
      assert.match(await failed.innerText(), /Too much for them/u);
      assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
      await failed.getByRole('button', { name: 'Try again' }).click();
      await page.locator('[data-state="pending"]').filter({ hasText: 'Too much for them' }).waitFor();
    },
  ],
  [
    'what arrives at the end moves nothing further up, in no frame',
    async (page) => {
      const { selector } = await readFurtherUp(page);
      await staysWhile(page, selector, async () => {
        for (const body of ['One', 'Two\n\nthree', '```js\nconst four = 4;\n```']) {
          await page.evaluate((text) => window.fakeHost.receive('c_harvest', 'u_tom', text), body);
          await page.waitForTimeout(60);
        }
      });
    },
  ],
  [
    'edits, reactions and deletions above move nothing of what one reads, in no frame',
    async (page) => {
      const { seq, selector } = await readFurtherUp(page, 1500);
      await staysWhile(page, selector, async () => {
        await change(page, seq - 2, { reactions: [{ emoji: '🎉', people: ['u_tom'], mine: false }] });
        await change(page, seq - 3, { body: 'A much longer text now.\n\n'.repeat(4), edited_at: 1 });
        await page.waitForTimeout(100);
        await change(page, seq - 3, { body: '', deleted_by: 'u_tom' });
        await change(page, seq - 2, { reactions: [] });
      });
    },
  ],
  [
    'edits and reactions on screen leave the lines above them where they are',
    async (page) => {
      const { seq, selector } = await readFurtherUp(page, 1500);
      await staysWhile(page, selector, async () => {
        await change(page, seq + 2, { body: 'A much longer text now.\n\n'.repeat(4), edited_at: 1 });
        await change(page, seq + 1, { reactions: [{ emoji: '🎉', people: ['u_tom'], mine: false }] });
      });
    },
  ],
  [
    'a reaction under the last message leaves the lines above it without a jump back',
    async (page) => {
      const last = Number(await page.locator('[data-seq]').last().getAttribute('data-seq'));
      await change(page, last, { reactions: [] });
      await settle(page);
      await watchFrames(page, `[data-seq="${last - 1}"]`);
      await change(page, last, { reactions: [{ emoji: '🎉', people: ['u_tom'], mine: false }] });
      await settle(page);
      const tops = (await watchedFrames(page)).map(({ top }) => top);
      // Up by the height of the reactions, once, and never down again.
      assert.deepEqual(tops.filter((top, at) => at > 0 && top > tops[at - 1] + 1), [], 'it went down again');
      assert.ok(new Set(tops.map(Math.round)).size <= 2, `it went through ${[...new Set(tops.map(Math.round))]}`);
      assert.ok((await distanceToEnd(page)) < 2, `${await distanceToEnd(page)} px from the end`);
    },
  ],
  [
    'an older page that arrives moves nothing, in no frame',
    async (page) => {
      await page.evaluate(() => (window.fakeHost.world.answerMs = 300));
      await log(page).evaluate((element) => element.scrollBy(0, -element.scrollTop + element.clientHeight * 0.9));
      const { selector } = await readFurtherUp(page, 0);
      await staysWhile(page, selector, () => page.waitForTimeout(600));
      const asked = await page.evaluate(() => window.fakeHost.calls.filter((call) => call.startsWith('earlier')).length);
      assert.ok(asked > 0, 'no older page was asked for');
    },
  ],
  [
    'a picture of somebody that arrives moves nothing',
    async (page) => {
      const { selector } = await readFurtherUp(page);
      await staysWhile(page, selector, () =>
        page.evaluate(() => {
          const { world } = window.fakeHost;
          const jonas = world.people.find((person) => person.id === 'u_jonas');
          const other = world.people.find((person) => person.picture != null);
          window.fakeHost.tell({ change: 'people', people: [{ ...jonas, picture: other.picture }] });
        }),
      );
    },
  ],
  [
    'somebody who types, and stops, moves nothing',
    async (page) => {
      const last = await page.locator('[data-seq]').last().getAttribute('data-seq');
      await staysWhile(page, `[data-seq="${last}"]`, async () => {
        await page.evaluate(() => window.fakeHost.type('c_harvest', ['u_tom']));
        await page.getByText('Tom Okafor is typing').waitFor();
        await page.evaluate(() => window.fakeHost.type('c_harvest', []));
      });
    },
  ],
  [
    'the line about the connection moves nothing of what one reads, neither at the end nor further up',
    async (page) => {
      const offline = () =>
        page.evaluate(() =>
          window.fakeHost.changeConnection({ state: 'offline', since: Date.now() - 60_000, retry_at: Date.now() + 8000, unsent: 0 }),
        );
      const last = await page.locator('[data-seq]').last().getAttribute('data-seq');
      await staysWhile(page, `[data-seq="${last}"]`, async () => {
        await offline();
        await page.getByText('Offline.').waitFor();
      });
      await page.evaluate(() => window.fakeHost.changeConnection({ state: 'online' }));
      const { selector } = await readFurtherUp(page);
      await staysWhile(page, selector, async () => {
        await offline();
        await page.getByText('Offline.').waitFor();
        await page.evaluate(() => window.fakeHost.changeConnection({ state: 'online' }));
      });
    },
  ],
  [
    'a lower or higher window keeps the line that is read',
    async (page) => {
      const { selector } = await readFurtherUp(page);
      const before = await page.locator(selector).evaluate((message) => message.getBoundingClientRect().top);
      for (const height of [500, 640, 700]) {
        await page.setViewportSize({ width: 1000, height });
        await settle(page);
      }
      const moved = (await page.locator(selector).evaluate((message) => message.getBoundingClientRect().top)) - before;
      assert.ok(Math.abs(moved) < 2, `moved by ${moved} px`);
    },
  ],
  [
    'a window that is started again stands where the reader was',
    async (page) => {
      const { selector } = await readFurtherUp(page, 1500);
      const top = () => page.locator(selector).evaluate((message) => message.getBoundingClientRect().top);
      const before = await top();
      await page.evaluate(() => document.dispatchEvent(new window.Event('visibilitychange')));
      // The scripted host begins every time with an empty storage; what is kept over starts is the point here.
      await page.addInitScript(() => {
        window.Storage.prototype.clear = () => undefined;
      });
      await page.reload();
      await log(page).waitFor();
      await page.locator(selector).waitFor();
      await settle(page);
      await settle(page);
      assert.ok(Math.abs((await top()) - before) < 2, `it was at ${before} px and is at ${await top()} px`);
      assert.ok((await distanceToEnd(page)) > 200, 'it is at the end');
    },
  ],
];
