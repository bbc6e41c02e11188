// Pictures of the window around the messages: the list, the bar above a conversation, panes, menus, dialogs, trouble.

import { details, dialog, fromMyMenu, fromWorkspaceMenu, isNarrow, listed, pins, shown, UNREACHABLE } from './steps.mjs';

const harvest = { show: 'full', open: 'c_harvest' };
const general = { show: 'full', open: 'c_general' };

/** A press of a button in the pane of members. */
const fromDetails = (button) => async (page) => {
  await details(page);
  await page.getByRole('complementary').getByRole('button', { name: button, exact: true }).click();
  await dialog(page);
};

export const FRAME_SCREENS = [
  { name: 'main', small: true, asks: harvest, act: shown },
  { name: 'main-list', small: true, asks: { show: 'full', open: 'd_tom' }, act: listed },
  { name: 'main-direct', small: true, asks: { show: 'full', open: 'd_mei' }, act: shown },
  { name: 'main-last-seen', asks: { show: 'full', open: 'd_ravi' }, act: shown },
  { name: 'main-group', asks: { show: 'full', open: 'd_group' }, act: shown },
  { name: 'main-no-topic', asks: general, act: async (page) => {
      await shown(page);
      await page.getByRole('banner').or(page.locator('main header')).first().hover();
    } },
  { name: 'main-long-name', small: true, asks: { show: 'full', open: 'c_long' }, act: shown },
  { name: 'main-archived', small: true, asks: { show: 'full', open: 'c_fair' }, act: shown },
  { name: 'main-member', asks: { show: 'member', open: 'c_general' }, act: listed },
  {
    name: 'main-scrolled-up',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.locator('[role="log"]').evaluate((log) => log.scrollTo(0, log.scrollHeight / 2));
      await page.waitForTimeout(200);
      await page.evaluate(() => window.fakeHost.receive('c_harvest', 'u_tom', 'Van two is here.'));
      await page.getByRole('button', { name: /Jump to \d/ }).waitFor();
    },
  },
  {
    name: 'main-code',
    small: true,
    asks: harvest,
    act: async (page) => {
      await shown(page);
      const code = page.getByRole('group', { name: 'Code, sql' });
      for (let step = 0; step < 30 && (await code.count()) === 0; step += 1) {
        await page.getByRole('log').evaluate((log) => log.scrollBy(0, -200));
        await page.waitForTimeout(50);
      }
      await code.evaluate((block) => block.scrollIntoView({ block: 'center' }));
      await code.locator('span[style]').first().waitFor();
      await page.waitForTimeout(200);
    },
  },
  { name: 'main-empty', small: true, asks: { show: 'empty' }, act: (page) => page.locator('h1').first().waitFor({ state: 'attached' }) },
  { name: 'main-offline', small: true, asks: { show: 'offline', open: 'd_mei' }, act: async (page) => {
      await shown(page);
      await page.getByRole('textbox', { name: 'Message Mei Tan' }).fill('I will be on the train until noon.');
      await page.keyboard.press('Enter');
      await page.getByText('Offline.').waitFor();
      await page.waitForTimeout(500);
    } },
  { name: 'main-failed', asks: { show: 'failed', open: 'd_mei' }, act: shown },
  { name: 'main-no-keychain', asks: { show: 'no-keychain', open: 'c_general' }, act: shown },
  {
    name: 'main-long-draft',
    asks: { show: 'full', open: 'd_mei' },
    act: async (page) => {
      await shown(page);
      await page.getByRole('textbox', { name: 'Message Mei Tan' }).fill('A rather long thought. '.repeat(720));
    },
  },
  {
    name: 'main-broken-link',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => {
        const server = encodeURIComponent(window.fakeHost.world.server);
        window.fakeHost.receive('c_harvest', 'u_tom', `See loquat://open?server=${server}&conversation=c_gone&seq=4`);
      });
      await page.getByRole('link', { name: 'A message' }).click();
      await page.getByText('You cannot open that message').waitFor();
    },
  },
  {
    name: 'main-loading',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => (window.fakeHost.world.answerMs = 600_000));
      await page.keyboard.press('Alt+ArrowDown');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'main-not-opened',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      const failure = { reason: 'storage', detail: '' };
      await page.evaluate((failed) => window.fakeHost.failNext('openConversation', failed), failure);
      await page.keyboard.press('Alt+ArrowDown');
      await page.getByRole('button', { name: 'Try again' }).waitFor();
    },
  },
  {
    name: 'main-not-a-member',
    asks: { show: 'full', open: 'c_support' },
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => {
        const { row } = window.fakeHost.world.conversations.find((held) => held.row.id === 'c_support');
        window.fakeHost.tell({ change: 'conversations', rows: [{ ...row, membership: 'none' }] });
      });
      await page.getByRole('button', { name: 'Join' }).waitFor();
    },
  },
  {
    name: 'main-connecting',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate(() => window.fakeHost.changeConnection({ state: 'connecting', since: Date.now() - 60_000 }));
      await page.getByText('Connecting').waitFor();
    },
  },
  {
    name: 'list-menu',
    asks: general,
    act: async (page) => {
      await listed(page);
      await page.getByTestId('conversation-row').filter({ hasText: 'support' }).click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'list-archived',
    asks: general,
    act: async (page) => {
      await listed(page);
      await page.getByRole('button', { name: /^Archived/ }).click();
      await page.getByTestId('conversation-row').filter({ hasText: 'spring-fair' }).waitFor();
    },
  },
  {
    name: 'list-focus',
    asks: general,
    act: async (page) => {
      await listed(page);
      await page.getByTestId('conversation-row').filter({ hasText: 'general' }).focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
    },
  },
  { name: 'details-channel', small: true, asks: harvest, act: details },
  { name: 'details-group', asks: { show: 'full', open: 'd_group' }, act: details },
  { name: 'details-person', small: true, asks: { show: 'full', open: 'd_mei' }, act: details },
  { name: 'details-archived', asks: { show: 'full', open: 'c_fair' }, act: details },
  {
    name: 'details-member',
    asks: harvest,
    act: async (page) => {
      await details(page);
      await page.getByRole('complementary').getByRole('button', { name: /Tom Okafor/ }).first().click();
      await page.getByRole('complementary').getByText('tom@orchard.example').waitFor();
    },
  },
  {
    name: 'details-deactivated',
    asks: { show: 'full', open: 'd_tom' },
    act: async (page) => {
      await details(page);
      await page.evaluate(() => {
        const tom = window.fakeHost.world.people.find((person) => person.id === 'u_tom');
        window.fakeHost.tell({ change: 'people', people: [{ ...tom, active: false }] });
      });
      await page.getByText('Deactivated').first().waitFor();
    },
  },
  {
    name: 'details-myself',
    asks: harvest,
    act: async (page) => {
      await details(page);
      await page.getByRole('complementary').getByRole('button', { name: /Ada Winter/ }).first().click();
      await page.getByRole('button', { name: 'Edit profile' }).waitFor();
    },
  },
  { name: 'channel-rename', asks: harvest, act: fromDetails('Rename') },
  { name: 'channel-topic', small: true, asks: harvest, act: fromDetails('Edit topic') },
  { name: 'channel-archive', asks: harvest, act: fromDetails('Archive channel') },
  { name: 'channel-leave', asks: harvest, act: fromDetails('Leave channel') },
  { name: 'channel-add', asks: { show: 'full', open: 'c_design' }, act: fromDetails('Add people') },
  {
    name: 'channel-remove',
    asks: harvest,
    act: async (page) => {
      await details(page);
      await page.getByRole('button', { name: 'Remove Tom Okafor' }).focus();
      await page.keyboard.press('Enter');
      await dialog(page);
    },
  },
  {
    name: 'pins',
    small: true,
    asks: harvest,
    act: async (page) => {
      await pins(page);
      await page.getByTestId('pin').first().waitFor();
    },
  },
  { name: 'pins-empty', asks: { show: 'full', open: 'c_support' }, act: pins },
  {
    name: 'pins-offline',
    asks: harvest,
    act: async (page) => {
      await shown(page);
      await page.evaluate((failure) => window.fakeHost.failNext('pinnedMessages', failure), UNREACHABLE);
      await page.getByRole('button', { name: 'Pinned messages' }).click();
      await page.getByText('back online').waitFor();
    },
  },
  {
    name: 'workspace-menu',
    asks: general,
    act: async (page) => {
      await page.getByRole('button', { name: /workspace menu/ }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'my-menu',
    small: true,
    asks: general,
    act: async (page) => {
      await page.getByRole('button', { name: /Your menu/i }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  { name: 'keys', small: true, asks: general, act: (page) => fromMyMenu(page, 'Keyboard shortcuts') },
  {
    name: 'keys-end',
    asks: general,
    act: async (page) => {
      await fromMyMenu(page, 'Keyboard shortcuts');
      await page.getByText('Bold').or(page.getByRole('dialog').locator('li, dt, kbd').last()).last().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'new-message',
    small: true,
    asks: general,
    act: async (page) => {
      await fromWorkspaceMenu(page, 'New message');
      await page.getByRole('option', { name: /Mei Tan/ }).click();
      await page.getByRole('option', { name: /Tom Okafor/ }).click();
      await page.getByRole('searchbox').fill('so');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'new-message-nobody',
    asks: general,
    act: async (page) => {
      await fromWorkspaceMenu(page, 'New message');
      await page.getByRole('searchbox').fill('zacharias');
      await page.getByText('Nobody is called').waitFor();
    },
  },
  { name: 'new-channel', asks: general, act: (page) => fromWorkspaceMenu(page, 'New channel') },
  {
    name: 'new-channel-taken',
    asks: general,
    act: async (page) => {
      await fromWorkspaceMenu(page, 'New channel');
      await page.getByRole('textbox', { name: 'Name' }).fill('harvest');
      await page.getByRole('button', { name: 'Create channel' }).click();
      await page.getByText('Another channel has this name').waitFor();
    },
  },
  {
    name: 'browse-channels',
    asks: general,
    act: async (page) => {
      await fromWorkspaceMenu(page, 'Browse channels');
      await page.getByRole('button', { name: 'Join #lunch' }).waitFor();
    },
  },
  {
    name: 'browse-channels-empty',
    asks: { show: 'empty' },
    act: async (page) => {
      await fromWorkspaceMenu(page, 'Browse channels');
      await page.getByText('There are no channels yet').waitFor();
    },
  },
  { name: 'sign-out', asks: general, act: (page) => fromMyMenu(page, 'Sign out') },
  { name: 'sign-out-unsent', asks: { show: 'failed', open: 'd_mei' }, act: async (page) => {
      await shown(page);
      if (isNarrow(page)) {
        await page.getByRole('button', { name: 'Back to conversations' }).click();
      }
      await fromMyMenu(page, 'Sign out');
    } },
  {
    name: 'broken',
    asks: general,
    // The fault is made on purpose.
    complains: true,
    act: async (page) => {
      await listed(page);
      await page.evaluate(() => window.fakeHost.tell({ change: 'conversations', rows: [{ id: 'd_x', kind: 'direct', last_at: 0 }] }));
      await page.getByRole('button', { name: 'Open again' }).waitFor();
    },
  },
];
