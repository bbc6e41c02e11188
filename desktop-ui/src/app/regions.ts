// The parts of the window that F6 moves between. A part is marked with `data-region` and its kind.

/** Where the focus goes in a part, the best first; a part without any of them gives it to its first control. */
const STARTS: Record<string, string[]> = {
  list: ['[aria-current="page"]', '[data-conversation][tabindex="0"]'],
  messages: ['[role="log"] [data-walked="true"]', '[role="log"]'],
  composer: ['textarea'],
  found: ['input', '[data-found]'],
};

const CONTROLS =
  'button:not([disabled]), a[href], input:not([disabled]), textarea, select, [tabindex]:not([tabindex="-1"])';

/** Moves the focus to the next part of the window that is shown, around the ends. */
export function moveBetweenRegions(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(isShown);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  // From nowhere, forwards begins with the first and backwards with the last.
  const first = at < 0 ? (step > 0 ? 0 : regions.length - 1) : at + step;
  for (let tried = 0; tried < regions.length; tried += 1) {
    const next = (first + step * tried + regions.length * 2) % regions.length;
    const region = regions[next];
    if (region !== undefined && focusInto(region)) {
      return;
    }
  }
}

/** Gives the focus to the first of these parts that can have it. */
export function focusFirstOf(...kinds: string[]): void {
  kinds.some((kind) => {
    const regions = [...document.querySelectorAll<HTMLElement>(`[data-region="${kind}"]`)];
    return regions.some((region) => isShown(region) && focusInto(region));
  });
}

/** Gives the focus to the uppermost dialog: to the control before the one that lost it, else to where it begins. */
export function focusInDialog(lost: Element | null): boolean {
  const dialog = [...document.querySelectorAll<HTMLElement>('[role="dialog"], [role="alertdialog"]')].at(-1);
  if (dialog === undefined) {
    return false;
  }
  const controls = [...dialog.querySelectorAll<HTMLElement>(CONTROLS)].filter(isShown);
  const before = controls.findLast(
    (control) => lost !== null && (lost.compareDocumentPosition(control) & Node.DOCUMENT_POSITION_PRECEDING) !== 0,
  );
  const start = controls.find((control) => control.matches('[aria-current="page"]')) ?? controls[0];
  const target = lost !== null && dialog.contains(lost) ? (before ?? start) : start;
  target?.focus();
  return true;
}

function focusInto(region: HTMLElement): boolean {
  const starts = [...(STARTS[region.dataset['region'] ?? ''] ?? []), CONTROLS];
  for (const start of starts) {
    for (const target of region.querySelectorAll<HTMLElement>(start)) {
      target.focus();
      if (document.activeElement === target) {
        return true;
      }
    }
  }
  return false;
}

function isShown(element: HTMLElement): boolean {
  return element.offsetParent !== null;
}
