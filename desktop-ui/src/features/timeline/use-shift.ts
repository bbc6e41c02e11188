// Tells a drawing that adds earlier entries from every other.

import { useEffect, useState } from 'react';

/** Whether this drawing adds earlier entries at the start; only then the place is kept from the end. */
export function useShift(first: number | undefined): boolean {
  const [held, setHeld] = useState(first);
  useEffect(() => {
    // The drawing after the one that added them must be an ordinary one again.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setHeld(first);
  }, [first]);
  return first !== undefined && held !== undefined && first < held;
}
