// Pictures of what is found across conversations: search, and what mentions the person.

import { listed, shown, UNREACHABLE } from './steps.mjs';

const harvest = { show: 'full', open: 'c_harvest' };

const search = (typed) => async (page) => {
  await shown(page);
  await page.keyboard.press('Control+f');
  await page.getByRole('combobox', { name: 'Search messages' }).waitFor();
  await page.keyboard.type(typed);
  await page.waitForTimeout(400);
};

const mentions = async (page) => {
  await listed(page);
  await page.getByRole('button', { name: /^Mentions/ }).click();
  await page.getByRole('heading', { level: 1, name: 'Mentions' }).waitFor();
  await page.waitForTimeout(200);
};

const typed = (words) => async (page) => {
  await shown(page);
  await page.getByRole('textbox', { name: /^Message / }).focus();
  await page.keyboard.type(words);
  await page.waitForTimeout(300);
};

export const FOUND_SCREENS = [
  { name: 'search', small: true, asks: harvest, act: search('') },
  { name: 'search-found', small: true, asks: harvest, act: search('boxes') },
  { name: 'search-filter', asks: harvest, act: search('boxes from:') },
  { name: 'search-nothing', asks: harvest, act: search('xyzzy') },
  { name: 'search-problem', asks: harvest, act: search('from:xyzzy before:someday ') },
  {
    name: 'search-incomplete',
    asks: harvest,
    act: async (page) => {
      await page.evaluate(() => (window.fakeHost.searchComplete = false));
      await search('van')(page);
    },
  },
  { name: 'mentions', small: true, asks: harvest, act: mentions },
  { name: 'mentions-none', asks: { show: 'empty' }, act: async (page) => {
      await page.getByRole('button', { name: /^Mentions/ }).click();
      await page.getByText('Nobody has mentioned you yet').waitFor();
    } },
  {
    name: 'mentions-offline',
    asks: harvest,
    act: async (page) => {
      await listed(page);
      await page.evaluate((failure) => window.fakeHost.failNext('mentions', failure), UNREACHABLE);
      await mentions(page);
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'mention-in-a-message', small: true, asks: { show: 'full', open: 'c_support' }, act: shown },
  { name: 'mention-completion', small: true, asks: harvest, act: typed('The labels, @') },
  { name: 'mention-everybody', asks: harvest, act: typed('Look @ch') },
  {
    name: 'mention-question',
    asks: harvest,
    act: async (page) => {
      await page.evaluate(() => {
        const held = window.fakeHost.world.conversations.find(({ row }) => row.id === 'c_harvest');
        held.row.member_count = 42;
        window.fakeHost.tell({ change: 'conversations', rows: [{ ...held.row }] });
      });
      await typed('@channel the vans are here')(page);
      await page.keyboard.press('Enter');
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'mention-in-the-list',
    small: true,
    asks: { show: 'full', open: 'd_tom' },
    act: async (page) => {
      await listed(page);
      await page.evaluate(() => window.fakeHost.receive('c_general', 'u_tom', 'Ready, <@u_ada>?'));
      await page.evaluate(() => window.fakeHost.setLevel('c_harvest', 'nothing'));
      await page.getByRole('button', { name: /unread mention/ }).first().waitFor();
      await page.waitForTimeout(200);
    },
  },
];
