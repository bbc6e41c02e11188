// Whether the focus is in an element, as its own events tell, and not there once it is elsewhere.

import { useEffect, useState, type RefObject } from 'react';

export function useFocusWithin(element: RefObject<HTMLElement | null>) {
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    if (!focused) {
      return;
    }
    // What is taken away with the focus in it, such as the editor of a message, never says that it lost it.
    const leave = (event: FocusEvent) => {
      if (event.target instanceof Node && element.current?.contains(event.target) === false) {
        setFocused(false);
      }
    };
    document.addEventListener('focusin', leave);
    return () => document.removeEventListener('focusin', leave);
  }, [focused, element]);
  return [focused, setFocused] as const;
}
