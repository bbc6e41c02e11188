// What the person sees frame by frame, not what is there in the end: something that is put right one frame later was
// seen to jump.

/** Installs the watch; `find` is a selector, and `words` a part of the text, of what is watched. */
export async function watchFrames(page, selector, words = '') {
  await page.evaluate(
    ([find, part]) => {
      const watch = { frames: [], on: true };
      window.frameWatch = watch;
      const found = () => [...document.querySelectorAll(find)].filter((element) => element.textContent.includes(part));
      const next = () => {
        if (!watch.on) {
          return;
        }
        const all = found();
        const frame = { count: all.length, top: null };
        watch.frames.push(frame);
        if (all.length > 0) {
          // Told what the engine lays out for this very frame, after every observer of sizes had its say.
          const eye = new IntersectionObserver(([seen]) => {
            frame.top = seen.boundingClientRect.top;
            eye.disconnect();
          });
          eye.observe(all.at(-1));
        }
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },
    [selector, words],
  );
}

/** The frames since then, each with how many there were and where the last of them stood. */
export async function watchedFrames(page) {
  const frames = await page.evaluate(() => {
    window.frameWatch.on = false;
    return window.frameWatch.frames;
  });
  return frames.filter((frame) => frame.count === 0 || frame.top !== null);
}

/** The furthest that it ever stood from where it stood at first. */
export function drift(frames) {
  const tops = frames.map(({ top }) => top).filter((top) => top !== null);
  return Math.max(...tops.map((top) => Math.abs(top - tops[0])));
}
