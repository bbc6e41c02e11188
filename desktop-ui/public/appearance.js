/* global document, localStorage */
// Runs before anything is drawn, so that the window never shows another theme or size first. Does what `showAppearance`
// in src/ui/appearance.ts does with the same stored text; a test compares the two.

(function () {
  try {
    const kept = JSON.parse(localStorage.getItem('loquat.appearance') || '{}');
    const root = document.documentElement;
    if (kept.theme === 'light' || kept.theme === 'dark') {
      root.dataset.theme = kept.theme;
    }
    if (kept.density === 'compact') {
      root.dataset.density = kept.density;
    }
    if (typeof kept.textSize === 'number' && kept.textSize >= 87 && kept.textSize <= 150) {
      root.style.fontSize = kept.textSize + '%';
    }
  } catch {
    // Without storage the window looks as the system does.
  }
})();
