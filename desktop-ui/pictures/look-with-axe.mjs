// What axe finds serious or critical on a page, with the rule and the node.

import { readFile } from 'node:fs/promises';

const axe = await readFile(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export async function lookWithAxe(page) {
  // As a script of its own the policy of the window would not let it in.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return [...violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(sentences), ...(await headings(page))];
}

function sentences({ id, impact, help, nodes }) {
  return nodes.map(({ target, html }) => `${id} (${impact}): ${help}: ${plain(target.join(' '))} ${plain(html)}`);
}

/** Without the names that React Aria and the style sheets make up, so that one fault is one line. */
function plain(html) {
  return html
    .replaceAll(/ (?:class|id|style|data-seq|aria-(?:labelledby|describedby|controls))="[^"]*"/gu, '')
    .replaceAll(/#react-aria\S*|\.[\w-]*_[\w-]{5,}|:nth-child\(\d+\)/gu, '')
    .slice(0, 200);
}

/** One main heading per screen: of what is shown, not of what lies below a dialog. */
async function headings(page) {
  const count = await page.evaluate(() => {
    const isHeard = (heading) =>
      heading.closest('[aria-hidden="true"], [inert]') === null && heading.checkVisibility({ visibilityProperty: true });
    return [...document.querySelectorAll('h1')].filter(isHeard).length;
  });
  const isCovered = (await page.getByRole('dialog').or(page.getByRole('alertdialog')).count()) > 0;
  return count === 1 || (isCovered && count === 0) ? [] : [`${count} main headings on one screen`];
}
