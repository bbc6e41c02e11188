// Every screen and state there is, and how to get there.

const isNarrow = (page) => page.viewportSize().width < 720;


async function shown(page) {
  if (isNarrow(page)) {
    await page.locator('[data-testid="conversation-row"][aria-current="page"]').click();
  }
  await page.locator('[role="log"]').waitFor();
  // The list measures its lines and finds its place within a few frames.
  await page.waitForTimeout(300);
}

async function toServer(page) {
  await page.getByLabel('Server address').fill('chat.orchard.example');
}

async function toEmail(page) {
  await toServer(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('E-mail').fill('ada@orchard.example');
}

async function toCode(page) {
  await toEmail(page);
  await page.getByRole('button', { name: 'Send code' }).click();
  await page.getByRole('group', { name: 'Sign-in code' }).waitFor();
}

async function fromMenu(page, item) {
  await page.getByRole('button', { name: /workspace menu/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor();
}

const unreachable = { reason: 'unreachable', address: 'https://chat.orchard.example', detail: '' };
const untrusted = { reason: 'certificate_not_trusted', address: 'https://chat.orchard.example', detail: 'expired 3 days ago' };

export const SCREENS = [
  { name: 'sign-in-server', asks: { show: 'sign-in' } },
  {
    name: 'sign-in-server-away',
    asks: { show: 'sign-in' },
    act: async (page) => {
      await toServer(page);
      await page.evaluate((failure) => window.fakeHost.failNext('checkServer', failure), unreachable);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText("Can't reach").waitFor();
    },
  },
  {
    name: 'sign-in-certificate',
    asks: { show: 'ended' },
    act: async (page) => {
      await toServer(page);
      await page.evaluate((failure) => window.fakeHost.failNext('checkServer', failure), untrusted);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('is not trusted').waitFor();
    },
  },
  { name: 'sign-in-email', asks: { show: 'sign-in' }, act: toEmail },
  { name: 'sign-in-code', asks: { show: 'sign-in' }, act: toCode },
  {
    name: 'sign-in-code-wrong',
    asks: { show: 'sign-in' },
    act: async (page) => {
      await toCode(page);
      await page.keyboard.type('654321');
      await page.getByText('That code is not right').waitFor();
    },
  },
  { name: 'main', asks: { show: 'full', open: 'c_harvest' }, act: shown },
  { name: 'main-list', asks: { show: 'full', open: 'd_tom' } },
  { name: 'main-direct', asks: { show: 'full', open: 'd_mei' }, act: shown },
  { name: 'main-new-direct', asks: { show: 'full', open: 'd_ravi' }, act: shown },
  {
    name: 'main-scrolled-up',
    asks: { show: 'full', open: 'c_harvest' },
    act: async (page) => {
      await shown(page);
      await page.locator('[role="log"]').evaluate((log) => log.scrollTo(0, log.scrollHeight / 2));
      await page.waitForTimeout(200);
      await page.evaluate(() => window.fakeHost.receive('c_harvest', 'u_tom', 'Van two is here.'));
      await page.getByRole('button', { name: /Jump to/ }).waitFor();
    },
  },
  {
    name: 'main-code',
    asks: { show: 'full', open: 'c_harvest' },
    act: async (page) => {
      await shown(page);
      const code = page.getByRole('group', { name: 'Code, sql' });
      for (let step = 0; step < 20 && (await code.count()) === 0; step += 1) {
        await page.getByRole('log').evaluate((log) => log.scrollBy(0, -200));
        await page.waitForTimeout(50);
      }
      await code.evaluate((block) => block.scrollIntoView({ block: 'center' }));
      await page.waitForTimeout(200);
    },
  },
  { name: 'main-empty', asks: { show: 'empty' } },
  { name: 'main-offline', asks: { show: 'offline', open: 'd_mei' }, act: async (page) => {
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
    name: 'details-channel',
    asks: { show: 'full', open: 'c_harvest' },
    act: async (page) => {
      await shown(page);
      await page.getByRole('button', { name: /show details/ }).click();
      await page.getByRole('complementary', { name: 'Details' }).getByText('Mei Tan').waitFor();
    },
  },
  {
    name: 'details-person',
    asks: { show: 'full', open: 'd_mei' },
    act: async (page) => {
      await shown(page);
      await page.getByRole('button', { name: 'Details' }).click();
      await page.getByRole('complementary', { name: 'Details' }).waitFor();
    },
  },
  {
    name: 'leave-channel',
    asks: { show: 'full', open: 'c_harvest' },
    act: async (page) => {
      await shown(page);
      await page.getByRole('button', { name: /show details/ }).click();
      await page.getByRole('button', { name: 'Leave channel' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  {
    name: 'workspace-menu',
    asks: { show: 'full', open: 'c_general' },
    act: async (page) => {
      await page.getByRole('button', { name: /workspace menu/ }).click();
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'new-message',
    asks: { show: 'full', open: 'c_general' },
    act: async (page) => {
      await fromMenu(page, 'New message');
      await page.getByRole('option', { name: /Mei Tan/ }).click();
      await page.getByRole('option', { name: /Tom Okafor/ }).click();
      await page.getByRole('searchbox').fill('so');
      await page.waitForTimeout(300);
    },
  },
  { name: 'new-channel', asks: { show: 'full', open: 'c_general' }, act: (page) => fromMenu(page, 'New channel') },
  {
    name: 'browse-channels',
    asks: { show: 'full', open: 'c_general' },
    act: async (page) => {
      await fromMenu(page, 'Browse channels');
      await page.getByRole('button', { name: 'Join #lunch' }).waitFor();
    },
  },
  { name: 'profile', asks: { show: 'full', open: 'c_general' }, act: (page) => fromMenu(page, 'Profile') },
  { name: 'sign-out', asks: { show: 'failed', open: 'd_mei' }, act: (page) => fromMenu(page, 'Sign out') },
];

