// Steps that many screens begin with.

export const isNarrow = (page) => page.viewportSize().width < 720;

/** The open conversation is on screen: in a narrow window the list comes first. */
export async function shown(page) {
  if (isNarrow(page)) {
    await page.locator('[data-testid="conversation-row"][aria-current="page"]').click();
  }
  await page.locator('[role="log"]').waitFor();
  // The list measures its lines and finds its place within a few frames.
  await page.waitForTimeout(300);
}

/** The list of conversations is on screen. */
export async function listed(page) {
  await page.getByTestId('conversation-row').first().waitFor();
}

export async function fromWorkspaceMenu(page, item) {
  await page.getByRole('button', { name: /workspace menu/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await dialog(page);
}

export async function fromMyMenu(page, item) {
  await page.getByRole('button', { name: /Your menu/i }).click();
  await page.getByRole('menuitem', { name: item }).click();
  await dialog(page);
}

export async function dialog(page) {
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).last().waitFor();
}

/** Opens the pane of members, or of the person one writes with. */
export async function details(page) {
  await shown(page);
  await page.getByRole('button', { name: /show details|^Details$/ }).click();
  await page.getByRole('complementary').waitFor();
}

export async function pins(page) {
  await shown(page);
  await page.getByRole('button', { name: 'Pinned messages' }).click();
  await page.getByRole('complementary', { name: 'Pinned messages' }).waitFor();
}

export const UNREACHABLE = { reason: 'unreachable', address: 'https://chat.orchard.example', detail: '' };
