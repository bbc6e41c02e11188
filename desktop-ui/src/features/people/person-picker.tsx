// Finds people by name or address and gathers the chosen ones. Typing searches, arrows walk, Enter chooses.

import { Check, Search, X } from 'lucide-react';
import { useRef, type KeyboardEvent } from 'react';
import { Autocomplete, Button as AriaButton, ListBox, ListBoxItem, type Selection } from 'react-aria-components';

import { useMe } from '#bridge/context.tsx';
import type { PersonView } from '#bridge/generated/PersonView.ts';
import { errorSentence } from '#text/failure.ts';
import { initials } from '#text/names.ts';
import { text } from '#text/text.ts';
import { Avatar } from '#ui/avatar.tsx';
import { Field } from '#ui/field.tsx';
import { Icon } from '#ui/icon.tsx';
import { useSettled } from '#ui/use-settled.ts';

import styles from './person-picker.module.css';
import { useFoundPeople } from './queries.ts';

interface PersonPickerProps {
  query: string;
  onQuery: (query: string) => void;
  chosen: readonly PersonView[];
  onChosen: (people: PersonView[]) => void;
  /** Enter, with nothing left to choose. */
  onDone: () => void;
  /** People who cannot be chosen, such as those who are members already. */
  without?: ReadonlySet<string>;
}

const NOBODY: PersonView[] = [];

export function PersonPicker({ query, onQuery, chosen, onChosen, onDone, without }: PersonPickerProps) {
  const found = useFoundPeople(useSettled(query.trim()));
  const walked = useRef(false);
  // While the answer to the last key is on its way, the one before is narrowed, so that Enter never takes a stranger.
  const people = (found.data ?? NOBODY).filter((person) => without?.has(person.id) !== true && matches(person, query));

  function select(selection: Selection) {
    if (selection === 'all') {
      return;
    }
    const known = new Map([...chosen, ...people].map((person) => [person.id, person]));
    onChosen([...selection].flatMap((id) => known.get(String(id)) ?? []));
    onQuery('');
  }

  /** Enter takes the best match unless the arrows went to another; once nothing is typed any more it is the answer. */
  function press(event: KeyboardEvent<HTMLElement>) {
    walked.current = event.key.startsWith('Arrow') || (walked.current && event.key === 'Enter');
    const searching = event.target instanceof HTMLInputElement && !event.nativeEvent.isComposing;
    if (event.key !== 'Enter' || !searching || walked.current) {
      return;
    }
    const best = people[0];
    if (query.trim() === '' && chosen.length > 0) {
      onDone();
    } else if (query.trim() !== '' && best !== undefined) {
      select(new Set([...chosen.map((person) => person.id), best.id]));
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={styles['picker']} onKeyDownCapture={press}>
      {chosen.length > 0 && (
        <Chosen people={chosen} onRemove={(person) => onChosen(chosen.filter((other) => other.id !== person.id))} />
      )}
      <Autocomplete inputValue={query} onInputChange={onQuery} disableAutoFocusFirst={query === ''}>
        <Field
          label={text.people.search}
          labelHidden
          type="search"
          icon={Search}
          placeholder={text.people.searchPlaceholder}
          value={query}
          onChange={onQuery}
          focusFirst
          input={{ autoComplete: 'off', spellCheck: 'false' }}
        />
        <ListBox
          aria-label={text.people.results}
          className={styles['list'] ?? ''}
          items={people}
          selectionMode="multiple"
          selectedKeys={chosen.map((person) => person.id)}
          onSelectionChange={select}
          renderEmptyState={() => <Nobody query={query.trim()} loading={found.isPending} error={found.error} />}
        >
          {(person) => <PersonOption person={person} />}
        </ListBox>
      </Autocomplete>
    </div>
  );
}

function matches(person: PersonView, query: string): boolean {
  return `${person.name} ${person.email}`.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase());
}

function PersonOption({ person }: { person: PersonView }) {
  const me = useMe();
  const name = person.id === me.id ? text.conversation.yourself(person.name) : person.name;
  return (
    <ListBoxItem id={person.id} textValue={name} className={styles['option'] ?? ''}>
      {({ isSelected }) => (
        <>
          <Avatar id={person.id} letters={initials(person.name)} size="middle" />
          <bdi className={styles['name']}>{name}</bdi>
          <span className={styles['detail']}>{person.title === '' ? person.email : person.title}</span>
          <span className={styles['check']}>{isSelected && <Icon of={Check} />}</span>
        </>
      )}
    </ListBoxItem>
  );
}

function Nobody({ query, loading, error }: { query: string; loading: boolean; error: unknown }) {
  if (error !== null) {
    return <p className={styles['empty']}>{errorSentence(error)}</p>;
  }
  if (loading) {
    return <p className={styles['empty']} />;
  }
  return <p className={styles['empty']}>{query === '' ? text.people.nobodyYet : text.people.nobody(query)}</p>;
}

function Chosen({ people, onRemove }: { people: readonly PersonView[]; onRemove: (person: PersonView) => void }) {
  return (
    <ul className={styles['chosen']} aria-label={text.people.chosen}>
      {people.map((person) => (
        <li key={person.id} className={styles['chip']}>
          <bdi>{person.name}</bdi>
          <AriaButton
            className={styles['remove'] ?? ''}
            aria-label={text.people.remove(person.name)}
            onPress={() => onRemove(person)}
          >
            <Icon of={X} />
          </AriaButton>
        </li>
      ))}
    </ul>
  );
}
