// Where to look, and what stands first.

import { useConversations, useMe, usePeople } from '#bridge/context.tsx';
import type { ConversationId } from '#bridge/generated/ConversationId.ts';
import { spokenName } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Select } from '#ui/select.tsx';

import styles from './found.module.css';
import type { Search } from './queries.ts';

interface SearchChoicesProps {
  search: Search;
  from: ConversationId | null;
  onChange: (change: Partial<Search>) => void;
}

export function SearchChoices({ search, from, onChange }: SearchChoicesProps) {
  const me = useMe();
  const people = usePeople();
  const place = search.within ?? from;
  const row = useConversations()?.find((candidate) => candidate.id === place);
  return (
    <div className={styles['choices']}>
      {row !== undefined && (
        <Select
          label={text.search.where}
          value={search.within === null ? 'everywhere' : 'here'}
          onChange={(where) => onChange({ within: where === 'here' ? row.id : null })}
          options={[
            { value: 'everywhere', label: text.search.everywhere },
            { value: 'here', label: spokenName(row, people, me.id) },
          ]}
        />
      )}
      <Select
        label={text.search.order}
        value={search.order}
        onChange={(order) => onChange({ order: order === 'relevance' ? 'relevance' : 'newest' })}
        options={[
          { value: 'newest', label: text.search.newest },
          { value: 'relevance', label: text.search.relevance },
        ]}
      />
    </div>
  );
}
