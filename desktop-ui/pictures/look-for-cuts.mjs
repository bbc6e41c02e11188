// Words that do not fit: cut at an edge, out of their control, or out of the window. An ellipsis is no cut; somebody
// meant it.

/** The controls that words stand in. */
const BOXES = 'button, [role="button"], [role="menuitem"], [role="option"], [role="radio"], label, kbd, th, td';

export async function lookForCuts(page) {
  const found = await page.evaluate((boxes) => {
    const TOLERANCE_PX = 1.5;
    const faults = new Set();
    const nameOf = (text) => text.nodeValue.trim().slice(0, 60);
    const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    /** The nearest ancestor that hides what is outside of it, across; null for one that can be scrolled. */
    const clipOf = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.clipPath !== 'none' || style.overflowX === 'auto' || style.overflowX === 'scroll') {
          return null;
        }
        if (style.overflowX === 'hidden' || style.overflowX === 'clip') {
          return style.textOverflow === 'ellipsis' ? null : at;
        }
      }
      return document.documentElement;
    };
    const leaves = ({ left, right }, around) => left < around.left - TOLERANCE_PX || right > around.right + TOLERANCE_PX;
    if (document.documentElement.scrollWidth > window.innerWidth + TOLERANCE_PX) {
      faults.add('the page is wider than the window');
    }
    const texts = document.createTreeWalker(document.body, 4);
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      const element = text.parentElement;
      if (text.nodeValue.trim() === '' || !isShown(element)) {
        continue;
      }
      const range = document.createRange();
      range.selectNodeContents(text);
      const words = range.getBoundingClientRect();
      const clip = clipOf(element);
      if (words.width === 0 || clip === null) {
        continue;
      }
      if (leaves(words, clip.getBoundingClientRect())) {
        faults.add(`cut: “${nameOf(text)}”`);
      }
      const box = element.closest(boxes);
      if (box !== null && leaves(words, box.getBoundingClientRect())) {
        faults.add(`wider than its control: “${nameOf(text)}”`);
      }
    }
    return [...faults];
  }, BOXES);
  return found;
}
