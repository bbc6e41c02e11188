// Whatever opens over the window holds the focus while it is open, and gives it back to what opened it.

import assert from 'node:assert/strict';

const settle = (page) => page.waitForTimeout(250);

/** Enough to go around in every dialog. */
const TABS = 24;
const OPENED = '[role="dialog"], [role="alertdialog"], [role="menu"]';

const press = async (page, ...keys) => {
  for (const key of keys) {
    await page.keyboard.press(key);
  }
};

/** Gives the focus to a control; what is opened from it must give it back. */
async function standOn(page, control) {
  await control.focus();
  await page.evaluate(() => (window.stoodOn = document.activeElement));
}

async function opened(page) {
  await page.locator(OPENED).last().waitFor();
  await settle(page);
}

/** Opens a menu from its button, and something from the menu. */
const fromMenu = (button, item) => async (page) => {
  await standOn(page, page.getByRole('button', { name: button }));
  await press(page, 'Enter');
  await page.getByRole('menu').waitFor();
  await page.getByRole('menuitem', { name: item }).focus();
  await press(page, 'Enter');
  await page.getByRole('menu').waitFor({ state: 'detached' });
};

const fromDetails = (button) => async (page) => {
  await page.getByRole('button', { name: /show details/ }).focus();
  await press(page, 'Enter');
  await page.getByRole('complementary').waitFor();
  await standOn(page, page.getByRole('complementary').getByRole('button', { name: button, exact: true }));
  await press(page, 'Enter');
};

const fromMessage = (...keys) => async (page) => {
  await standOn(page, page.getByTestId('message').filter({ hasText: 'I take the cold room' }));
  await press(page, ...keys);
};

const fromComposer = (...keys) => async (page) => {
  await standOn(page, page.getByRole('textbox', { name: 'Message #harvest' }));
  await press(page, ...keys);
};

const inSettings = (section, act) => async (page) => {
  await press(page, 'Control+,');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section, exact: true }).focus();
  await press(page, 'Enter');
  await page.getByRole('heading', { level: 1, name: section }).waitFor();
  await act(page);
};

const onButton = (name) => async (page) => {
  await page.getByRole('button', { name }).first().waitFor();
  await standOn(page, page.getByRole('button', { name }).first());
  await press(page, 'Enter');
};

const DIALOGS = {
  'new message': fromComposer('Control+n'),
  'keyboard shortcuts': fromComposer('Control+/'),
  settings: fromComposer('Control+,'),
  'new channel': fromMenu(/workspace menu/u, 'New channel'),
  'browse channels': fromMenu(/workspace menu/u, 'Browse channels'),
  'sign out': fromMenu(/Your menu/iu, 'Sign out'),
  rename: fromDetails('Rename'),
  topic: fromDetails('Edit topic'),
  'add people': fromDetails('Add people'),
  archive: fromDetails('Archive channel'),
  leave: fromDetails('Leave channel'),
  'remove somebody': fromDetails('Remove Tom Okafor'),
  'delete a message': fromMessage('Delete'),
  'emoji for a message': fromMessage('+'),
  'menu of a message': fromMessage('Shift+F10'),
  'emoji for the composer': onButton('Emoji'),
  'what a message said': async (page) => {
    const edited = page.getByTestId('message').filter({ hasText: 'second van is confirmed' });
    await edited.focus();
    await standOn(page, edited.getByRole('button', { name: /edited/u }));
    await press(page, 'Enter');
  },
  'sign out a device': inSettings('Devices', onButton(/^Sign out ada-home/u)),
  'sign out all other devices': inSettings('Devices', onButton('Sign out all other devices')),
  'deactivate somebody': inSettings('People', fromMenu(/What can be done with Tom/u, 'Deactivate')),
  'make somebody administrator': inSettings('People', fromMenu(/What can be done with Tom/u, 'Make administrator')),
  'sign out in the settings': inSettings('Appearance', onButton('Sign out')),
};

/** What is done by a control that is taken away by it, or cannot be used any more after it. */
const ENDS = {
  'a device is signed out': inSettings('Devices', async (page) => {
    await onButton(/^Sign out ada-home/u)(page);
    await page.getByRole('alertdialog').waitFor();
    await press(page, 'Tab', 'Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByText('ada-home was signed out').waitFor();
  }),
  'an invitation is withdrawn': inSettings('Invitations', onButton(/Withdraw the invitation to pilar/u)),
  'a picture is removed': inSettings('Profile', onButton('Remove')),
  'changes are saved': inSettings('Workspace', async (page) => {
    await page.getByRole('textbox', { name: 'Name' }).fill('Orchard & Daughters');
    await onButton('Save')(page);
    await page.getByText('Everyone sees it at once').waitFor();
  }),
  'a filter is taken away': inSettings('Audit log', async (page) => {
    await onButton(/Event/u)(page);
    await page.getByRole('option', { name: 'Signed in' }).focus();
    await press(page, 'Enter');
    await onButton('Show everything')(page);
  }),
};

async function holds(page) {
  for (const key of ['Tab', 'Shift+Tab']) {
    for (let step = 0; step < TABS; step += 1) {
      await page.keyboard.press(key);
      const where = await page.evaluate((open) => {
        const { activeElement } = document;
        const all = [...document.querySelectorAll(open)];
        return activeElement !== null && all.at(-1)?.contains(activeElement) === true ? null : (activeElement?.outerHTML ?? '').slice(0, 120);
      }, OPENED);
      assert.equal(where, null, `${key} left it for ${where}`);
    }
  }
}

const OPENING_RULES = Object.entries(DIALOGS).map(([name, open]) => [
  `a dialog holds the focus and gives it back: ${name}`,
  async (page) => {
    await open(page);
    await opened(page);
    const before = await page.locator(OPENED).count();
    // In a menu Tab closes it; its arrows are its own.
    if ((await page.locator(OPENED).last().getAttribute('role')) !== 'menu') {
      await holds(page);
    }
    await page.keyboard.press('Escape');
    await page.waitForFunction(([selector, count]) => document.querySelectorAll(selector).length < count, [OPENED, before]);
    await settle(page);
    const focused = await page.evaluate(() => (document.activeElement === window.stoodOn ? null : document.activeElement?.outerHTML.slice(0, 160)));
    assert.equal(focused, null, `the focus is at ${focused}`);
  },
]);

const ENDING_RULES = Object.entries(ENDS).map(([name, act]) => [
  `the focus stays in the settings when ${name}`,
  async (page) => {
    await act(page);
    await settle(page);
    const tag = await page.evaluate(() => document.activeElement?.closest('[role="dialog"]')?.getAttribute('aria-label') ?? document.activeElement?.tagName);
    assert.equal(tag, 'Settings');
    assert.equal(await page.evaluate(() => document.activeElement?.matches(':disabled')), false);
  },
]);

export const DIALOG_RULES = [...OPENING_RULES, ...ENDING_RULES];
