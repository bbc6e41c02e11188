// Pictures of messages and of what one does to them.

const isNarrow = (page) => page.viewportSize().width < 720;

async function shown(page) {
  if (isNarrow(page)) {
    await page.locator('[data-testid="conversation-row"][aria-current="page"]').click();
  }
  await page.locator('[role="log"]').waitFor();
  await page.waitForTimeout(300);
}

const message = (page, words) => page.getByTestId('message').filter({ hasText: words }).last();

async function walkTo(page, words) {
  await shown(page);
  await message(page, words).focus();
}

const harvest = { show: 'full', open: 'c_harvest' };

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
