// Giving the focus while something that holds it is still closing.

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
