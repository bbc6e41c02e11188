// A piece of a message with what was looked for in it, and with names where it mentions somebody.

import type { TextRange } from '#bridge/generated/TextRange.ts';
import type { People } from '#bridge/live-cache.ts';
import { withNames } from '#text/mentions.ts';
import { unmarked } from '#text/plain-text.ts';

export function Snippet({ snippet, places, people }: { snippet: string; places: readonly TextRange[]; people: People }) {
  const said = (part: string) => withNames(unmarked(part), people);
  const pieces = [];
  let end = 0;
  for (const place of places) {
    pieces.push(said(snippet.slice(end, place.start)));
    pieces.push(<mark key={place.start}>{snippet.slice(place.start, place.end)}</mark>);
    end = place.end;
  }
  return [...pieces, said(snippet.slice(end))];
}
