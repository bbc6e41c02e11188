// Giving the focus while something that holds it is still closing.

/** About a third of a second. */
const PATIENCE_FRAMES = 20;

const HOLDERS = '[role="menu"], [role="dialog"], [role="alertdialog"]';

/**
 * Gives an element the focus. A menu or dialog that has it now is about to close; it holds the focus until then and
 * gives it back to what opened it, so the element gets it again after that.
 */
export function focusFirmly(element: HTMLElement): void {
  const isHeld = document.activeElement?.closest(HOLDERS) != null;
  element.focus({ preventScroll: true });
  if (!isHeld) {
    return;
  }
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      if (element.isConnected && document.activeElement !== element) {
        element.focus({ preventScroll: true });
      }
    }),
  );
}

/**
 * Gives an element the focus as soon as it can have it: a line that is not measured yet is hidden for a frame or two.
 * Whoever goes elsewhere meanwhile is left there. Answers how to give up.
 */
export function focusWhenShown(element: HTMLElement): () => void {
  let frame = 0;
  const attempt = (left: number) => {
    focusFirmly(element);
    const before = document.activeElement;
    if (before !== element && left > 0) {
      frame = requestAnimationFrame(() => document.activeElement === before && attempt(left - 1));
    }
  };
  attempt(PATIENCE_FRAMES);
  return () => cancelAnimationFrame(frame);
}
