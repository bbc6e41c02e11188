// A field for text that is as high as its text, up to the limit in its style sheet.

import { useEffect, useLayoutEffect, type RefObject } from 'react';

export function useFitHeight(area: RefObject<HTMLTextAreaElement | null>, value: string): void {
  useLayoutEffect(() => {
    if (area.current !== null) {
      fit(area.current);
    }
  }, [area, value]);
  useEffect(() => {
    const element = area.current;
    if (element === null) {
      return;
    }
    // Another width breaks the lines elsewhere; a hidden page has no lines at all until it is shown.
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth !== width) {
        width = element.clientWidth;
        fit(element);
      }
    });
    observer.observe(element);
    // The first lines may be measured in another font than they are then drawn in.
    const refit = () => fit(element);
    document.fonts.addEventListener('loadingdone', refit);
    return () => {
      observer.disconnect();
      document.fonts.removeEventListener('loadingdone', refit);
    };
  }, [area]);
}

function fit(area: HTMLTextAreaElement) {
  area.style.blockSize = 'auto';
  if (area.scrollHeight > 0) {
    area.style.blockSize = `${area.scrollHeight}px`;
  }
}
