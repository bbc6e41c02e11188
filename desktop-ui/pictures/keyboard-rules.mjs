// A working day by keys alone, and that the focus is never lost on the way.

import assert from 'node:assert/strict';

const settle = (page) => page.waitForTimeout(250);
const focused = (page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
const heading = (page) => page.locator('main h1').innerText();
const calls = (page, start) => page.evaluate((begins) => window.fakeHost.calls.filter((call) => call.startsWith(begins)), start);
const message = (page, words) => page.getByTestId('message').filter({ hasText: words }).last();

/** Nothing has the focus only when somebody forgot to give it. */
async function hasFocus(page, where) {
  await settle(page);
  assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), 'BODY', `the focus is lost ${where}`);
}

/** Whether one can see where the keyboard is. */
const ring = (page) =>
  page.evaluate(() => {
    const seen = (element) => element !== null && Number.parseFloat(getComputedStyle(element).outlineWidth) > 0 && getComputedStyle(element).outlineStyle !== 'none';
    const { activeElement } = document;
    // A field shows it on its frame.
    return seen(activeElement) || seen(activeElement?.parentElement ?? null) || activeElement?.closest(':focus-within [class*="box"]') !== null;
  });

async function aWholeConversation(page) {
  // Open a conversation from the list.
  await page.keyboard.press('F6');
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  assert.match(await focused(page), /harvest/u);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Message Mei Tan' }).waitFor();
  await hasFocus(page, 'after opening');

  // Write, and correct it.
  await page.keyboard.type('Both look good');
  await page.keyboard.press('Enter');
  await message(page, 'Both look good').and(page.locator('[data-state="stored"]')).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.getByRole('textbox', { name: 'Edit message' }).waitFor();
  await settle(page);
  await page.keyboard.type(', the second more');
  await page.keyboard.press('Enter');
  await message(page, 'Both look good, the second more').waitFor();
  await hasFocus(page, 'after editing');
  assert.equal(await focused(page), 'Message Mei Tan');

  // React to what the other one wrote, and pin it.
  await page.keyboard.press('Shift+F6');
  await hasFocus(page, 'among the messages');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('p');
  await message(page, 'That is what I hoped').getByText('Pinned').waitFor();
  await hasFocus(page, 'after pinning');
  await page.keyboard.press('+');
  await page.getByRole('gridcell').first().waitFor();
  await page.keyboard.type('tada');
  await page.keyboard.press('Enter');
  await message(page, 'That is what I hoped').getByRole('button', { name: '🎉 1' }).waitFor();
  await hasFocus(page, 'after reacting');

  // Answer it.
  await page.keyboard.press('r');
  await page.getByTestId('reply-bar').waitFor();
  await page.keyboard.type('Then we print it');
  await page.keyboard.press('Enter');
  await message(page, 'Then we print it').and(page.locator('[data-state="stored"]')).waitFor();
  assert.equal((await calls(page, 'sendMessage d_mei Then we print it to')).length, 1);
  await hasFocus(page, 'after answering');

  // Take a message back.
  await page.keyboard.press('Shift+F6');
  await page.keyboard.press('End');
  await page.keyboard.press('Delete');
  await page.getByRole('alertdialog').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  await page.getByTestId('message').last().getByText('This message was deleted').waitFor();
  await hasFocus(page, 'after deleting');

  // Mark as unread from an earlier message on, by its key.
  await page.keyboard.press('Home');
  await settle(page);
  await page.keyboard.press('u');
  await page.locator('[data-testid="conversation-row"][aria-current="page"]', { hasText: 'unread' }).waitFor();
  await hasFocus(page, 'after marking as unread from a message on');

  // The card of who wrote it, and back.
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /Mei Tan/u);
  await page.keyboard.press('Enter');
  await page.getByRole('complementary').getByText('mei@orchard.example').waitFor();
  await settle(page);
  assert.ok(await page.evaluate(() => document.activeElement?.closest('[data-region="pane"]') !== null), 'the card has no focus');
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  await settle(page);
  assert.equal(await focused(page), 'Mei Tan');

  // Somewhere else, and mark it as unread there.
  await page.keyboard.press('Alt+ArrowDown');
  await settle(page);
  const next = await heading(page);
  assert.notEqual(next, 'Mei Tan');
  await hasFocus(page, 'after switching');
  await page.keyboard.press('F6');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Mark as unread' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="conversation-row"][aria-current="page"]', { hasText: 'unread' }).waitFor();
  await hasFocus(page, 'after marking as unread');

  // The settings, and back.
  await page.keyboard.press('Control+,');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  await hasFocus(page, 'in the settings');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Notifications' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Settings' }).waitFor({ state: 'detached' });
  await hasFocus(page, 'after the settings');
  // A new conversation, found by a part of a name.
  await page.keyboard.press('Control+n');
  await page.getByRole('dialog', { name: 'New message' }).waitFor();
  await page.getByRole('option', { name: /Ravi/ }).waitFor();
  await page.keyboard.type('Sof');
  await page.getByRole('option', { name: /Ravi/ }).waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Chosen people' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Message Sofía Álvarez' }).waitFor();
  await hasFocus(page, 'in the new conversation');
  await page.keyboard.type('Hola');
  await page.keyboard.press('Enter');
  await message(page, 'Hola').and(page.locator('[data-state="stored"]')).waitFor();

  await page.keyboard.press('Control+2');
  await settle(page);
  await hasFocus(page, 'at the end');
  assert.equal(await page.evaluate(() => window.pointed), 0, 'a pointer was used');
}

export const KEYBOARD_RULES = [
  [
    'a whole conversation is held without a mouse',
    async (page) => {
      await page.evaluate(() => {
        window.pointed = 0;
        window.addEventListener('pointerdown', () => (window.pointed += 1), true);
      });
      await page.getByRole('textbox', { name: 'Message #harvest' }).focus();
      await aWholeConversation(page);
    },
  ],
  [
    'F6 shows where it goes, around all parts of the window',
    async (page) => {
      await page.getByRole('button', { name: 'Pinned messages' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('complementary').waitFor();
      const visited = new Set();
      for (let step = 0; step < 4; step += 1) {
        await page.keyboard.press('F6');
        await settle(page);
        visited.add(await page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region')));
        assert.ok(await ring(page), `no ring around ${await focused(page)}`);
      }
      assert.deepEqual([...visited].sort(), ['composer', 'list', 'messages', 'pane']);
    },
  ],
  [
    'a pane gives the focus back to the button that opened it',
    async (page) => {
      await page.getByRole('button', { name: /show details/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('complementary').waitFor();
      await page.getByRole('button', { name: 'Close details' }).focus();
      await page.keyboard.press('Enter');
      await settle(page);
      assert.match(await focused(page), /show details/u);
    },
  ],
  [
    'leaving the open channel leaves the focus in the window',
    async (page) => {
      await page.getByRole('button', { name: /show details/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Leave channel' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('alertdialog').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('alertdialog').waitFor({ state: 'detached' });
      await hasFocus(page, 'after leaving');
    },
  ],
  [
    'with reduced motion nothing moves by itself',
    async (page) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.getByRole('button', { name: /show details/ }).click();
      await page.keyboard.press('Control+n');
      await page.getByRole('dialog').waitFor();
      const longest = await page.evaluate(() => {
        const all = [...document.querySelectorAll('*')].map((element) => getComputedStyle(element));
        const seconds = (list) => Math.max(...list.split(',').map((one) => Number.parseFloat(one) || 0));
        return Math.max(...all.map((style) => Math.max(seconds(style.transitionDuration), seconds(style.animationDuration))));
      });
      assert.ok(longest <= 0.001, `something takes ${longest} s`);
    },
  ],
  [
    'colouring code moves nothing',
    async (page) => {
      await page.evaluate(() => window.fakeHost.receive('c_harvest', 'u_tom', 'Look:\n\n```rust\nfn main() {\n    let crates = 42; // all\n}\n```'));
      const block = page.getByRole('group', { name: 'Code, rust' });
      await block.waitFor();
      const before = await block.boundingBox();
      await block.locator('span[style]').first().waitFor();
      const after = await block.boundingBox();
      assert.deepEqual([after?.width, after?.height], [before?.width, before?.height]);
    },
  ],
];
