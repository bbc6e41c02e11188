// Pictures of messages and of what one does to them.

import { shown, UNREACHABLE } from './steps.mjs';

const message = (page, words) => page.getByTestId('message').filter({ hasText: words }).last();

async function walkTo(page, words) {
  await shown(page);
  await message(page, words).focus();
}

const harvest = { show: 'full', open: 'c_harvest' };

/** A pointer that was not seen to move before shows no words. */
async function pointAt(page, control) {
  await page.mouse.move(1, 1);
  await page.mouse.move(2, 2);
  await control.hover();
  await page.getByRole('tooltip').waitFor();
}

async function toTheTop(page) {
  await shown(page);
  for (let step = 0; step < 5; step += 1) {
    await page.getByRole('log').evaluate((log) => log.scrollTo(0, 0));
    await page.waitForTimeout(100);
  }
}

export const MESSAGE_SCREENS = [
  {
    name: 'message-hover',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await message(page, 'I take the cold room').hover();
    },
  },
  {
    name: 'message-menu',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await message(page, 'I take the cold room').click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'message-picker',
    asks: harvest,
    act: async (page) => {
      await walkTo(page, 'A customer asks');
      await page.keyboard.press('+');
      await page.getByRole('gridcell').first().waitFor();
    },
  },
  {
    name: 'message-picker-search',
    asks: { show: 'full', open: 'd_mei' },
    act: async (page) => {
      await shown(page);
      await page.getByRole('button', { name: 'Emoji' }).click();
      await page.getByRole('gridcell').first().waitFor();
      await page.keyboard.type('hand');
      await page.getByRole('gridcell', { name: 'waving hand' }).waitFor();
      await page.getByRole('radio', { name: 'Medium', exact: true }).check({ force: true });
    },
  },
  {
    name: 'message-edit',
    asks: harvest,
    act: async (page) => {
      await walkTo(page, 'I take the cold room');
      await page.keyboard.press('e');
      await page.getByRole('textbox', { name: 'Edit message' }).waitFor();
    },
  },
  {
    name: 'message-history',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await message(page, 'second van is confirmed').scrollIntoViewIfNeeded();
      await page.waitForTimeout(200);
      await message(page, 'second van is confirmed').getByRole('button', { name: /edited/ }).evaluate((button) => button.click());
      await page.getByRole('dialog').getByText('06:00').waitFor();
    },
  },
  {
    name: 'message-delete',
    asks: harvest,
    act: async (page) => {
      await walkTo(page, 'I take the cold room');
      await page.keyboard.press('Delete');
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'message-reply',
    asks: { show: 'full', open: 'd_mei' },
    act: async (page) => {
      await walkTo(page, 'That is what I hoped');
      await page.keyboard.press('r');
      await page.getByTestId('reply-bar').waitFor();
      await page.keyboard.type('It was close :ta');
      await page.getByRole('option').first().waitFor();
      await page.evaluate(() => window.fakeHost.type('d_mei', ['u_mei']));
      await page.getByText('Mei Tan is typing').waitFor();
    },
  },
  {
    name: 'message-refused',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => {
        const held = window.fakeHost.world.conversations.find(({ row }) => row.id === 'c_harvest');
        const own = held.items.findLast((item) => item.author === 'u_ada' && item.item === 'message');
        const failure = { reason: 'refused', code: 'message_deleted', detail: '', retry_after_s: null, tries_left: null };
        window.fakeHost.refuseAct('c_harvest', own, { act: 'edit', body: 'The second van comes at 07:00.' }, failure);
      });
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'message-jumped',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => window.fakeHost.receive('c_harvest', 'u_tom', 'Something new'));
      await message(page, 'something with the wall').getByRole('button', { name: /In answer to/ }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'message-reacted',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await pointAt(page, message(page, 'small mark').getByRole('button', { name: '💡 2' }));
    },
  },
  {
    name: 'message-seen-by',
    asks: { show: 'full', open: 'd_group' },
    act: async (page) => {
      await shown(page);
      await pointAt(page, message(page, 'I can pick you up').getByRole('button', { name: /Seen by/ }));
    },
  },
  {
    name: 'message-long',
    asks: { show: 'full', open: 'd_mei' },
    act: async (page) => {
      await shown(page);
      const lines = Array.from({ length: 40 }, (_, line) => `${line + 1}. Row ${line + 1} has ${40 + line} trees.`);
      await page.evaluate((body) => window.fakeHost.receive('d_mei', 'u_mei', body), lines.join('\n'));
      await page.getByRole('button', { name: 'Show more' }).waitFor();
      await page.waitForTimeout(200);
    },
  },
  {
    name: 'message-typing',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => window.fakeHost.type('c_harvest', ['u_tom', 'u_mei']));
      await page.getByText('are typing').waitFor();
    },
  },
  {
    name: 'message-hole',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate((failure) => window.fakeHost.failNext('earlier', failure), UNREACHABLE);
      await toTheTop(page);
      await page.getByText("can't be loaded now").waitFor();
    },
  },
  {
    name: 'message-loading',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => (window.fakeHost.world.answerMs = 600_000));
      await toTheTop(page);
      await page.getByText('Loading earlier messages').waitFor();
    },
  },
  {
    name: 'message-lost',
    asks: { show: 'full', open: 'd_mei' },
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => window.fakeHost.failNext('sendMessage', { reason: 'storage', detail: '' }));
      await page.getByRole('textbox', { name: 'Message Mei Tan' }).fill('Shall we print it?');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'message-receipts', asks: { show: 'full', open: 'd_group' }, act: shown },
  { name: 'message-archived', asks: { show: 'full', open: 'c_old' }, act: shown },
  {
    name: 'message-preview',
    asks: { show: 'full', open: 'd_mei' },
    act: async (page) => {
      await shown(page);
      await page.getByRole('textbox', { name: 'Message Mei Tan' }).fill('Two **things**:\n\n- the _wall_\n- `crates`');
      await page.keyboard.press('Control+Shift+P');
      await page.getByRole('region', { name: 'Preview' }).waitFor();
    },
  },
];
