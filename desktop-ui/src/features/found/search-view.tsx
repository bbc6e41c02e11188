// Finds messages on this device, and leads to where they were said.

import { useRef } from 'react';

import { usePeople } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import type { SearchPage } from '#bridge/generated/SearchPage.ts';
import type { SearchProblem } from '#bridge/generated/SearchProblem.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';

import { filterSuggestions } from './filters.ts';
import { FoundList } from './found-list.tsx';
import { FoundMessage } from './found-message.tsx';
import { FoundPage } from './found-page.tsx';
import styles from './found.module.css';
import { useHits, useSearch } from './queries.ts';
import { SearchChoices } from './search-choices.tsx';
import { SearchField } from './search-field.tsx';
import { Snippet } from './snippet.tsx';

interface SearchViewProps {
  /** The conversation one came from; a search can be kept to it. */
  from: ConversationId | null;
  onBack: () => void;
}

export function SearchView({ from, onBack }: SearchViewProps) {
  const field = useRef<HTMLInputElement>(null);
  const results = useRef<HTMLDivElement>(null);
  const [search, change] = useSearch();
  const hits = useHits(search);
  const pages = hits.data?.pages ?? [];
  const isAsked = search.query.trim() !== '';

  return (
    <FoundPage title={text.search.title} onBack={onBack}>
      <SearchField
        ref={field}
        query={search.query}
        onQuery={(query) => change({ query })}
        onResults={() => results.current?.querySelector<HTMLElement>('[data-found]')?.focus()}
      />
      {isAsked && <SearchChoices search={search} from={from} onChange={change} />}
      <div ref={results} className={styles['results']}>
        {!isAsked && (
          <Beginning
            onFilter={(query) => {
              change({ query });
              field.current?.focus();
            }}
          />
        )}
        {isAsked && hits.isError && <Notice kind="danger">{errorSentence(hits.error)}</Notice>}
        {isAsked && <Results pages={pages} query={search.query.trim()} onLeave={() => field.current?.focus()} />}
        {isAsked && hits.hasNextPage && (
          <Button busy={hits.isFetchingNextPage} onPress={() => void hits.fetchNextPage()}>
            {text.search.more}
          </Button>
        )}
      </div>
    </FoundPage>
  );
}

function Results({ pages, query, onLeave }: { pages: readonly SearchPage[]; query: string; onLeave: () => void }) {
  const people = usePeople();
  const [first] = pages;
  const hits = pages.flatMap((page) => page.hits);
  if (first === undefined) {
    return null;
  }
  return (
    <>
      {first.problems.map((problem) => (
        <Notice key={`${problem.filter}:${problem.value}`} kind="calm">
          {problemSentence(problem)}
        </Notice>
      ))}
      {!first.complete && <Notice kind="calm">{text.search.incomplete}</Notice>}
      {first.problems.length === 0 && (
        <p role="status" className={styles['count']}>
          {hits.length > 0 && text.search.counted(hits.length, pages.at(-1)?.next !== null)}
        </p>
      )}
      {first.problems.length === 0 && hits.length === 0 && (
        <div className={styles['empty']}>
          <h2>{text.search.nothing(query)}</h2>
          <p>{text.search.nothingLead}</p>
        </div>
      )}
      <FoundList label={text.search.results} onLeave={onLeave}>
        {hits.map((hit) => (
          <FoundMessage key={`${hit.conversation} ${hit.message.seq}`} message={hit.message}>
            <Snippet snippet={hit.snippet} places={hit.snippet_highlights} people={people} />
          </FoundMessage>
        ))}
      </FoundList>
    </>
  );
}

function problemSentence({ filter, value, kind }: SearchProblem): string {
  return text.search.problems[kind](kind === 'cannot_exclude' ? `${filter}:${value}` : value);
}

/** Before anything is typed: what can be. */
function Beginning({ onFilter }: { onFilter: (typed: string) => void }) {
  return (
    <div className={styles['empty']}>
      <h2>{text.search.begin}</h2>
      <ul className={styles['filters']}>
        {filterSuggestions().map(({ inserted, says, hint }) => (
          <li key={says}>
            <button type="button" onClick={() => onFilter(inserted)}>
              <kbd>{says}</kbd>
              {hint}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
