// Everybody with an account: finding them, their role, and taking the account away or giving it back.

import { Search, UserPlus } from 'lucide-react';
import { useState } from 'react';

import type { PersonView } from '#bridge/generated/PersonView.ts';
import { pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';
import { Icon } from '#ui/icon.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Page } from '#ui/page.tsx';
import { useSettled } from '#ui/use-settled.ts';

import styles from './people-page.module.css';
import { PersonQuestion, type PersonStep } from './person-question.tsx';
import { PersonRow } from './person-row.tsx';
import { useEveryone } from './queries.ts';

/** More are found by searching: nobody reads a longer list. */
const SHOWN = 100;

type Asking = { person: PersonView; step: PersonStep } | null;

export function PeoplePage({ onInvite }: { onInvite: () => void }) {
  const [query, setQuery] = useState('');
  const settled = useSettled(query.trim());
  const everyone = useEveryone(settled);
  const [asking, setAsking] = useState<Asking>(null);
  const [done, setDone] = useState('');

  return (
    <Page
      title={text.administration.people.title}
      lead={text.administration.people.lead}
      actions={
        <Button onPress={onInvite}>
          <Icon of={UserPlus} />
          {text.administration.people.invite}
        </Button>
      }
      wide
    >
      <Field
        label={text.administration.people.search}
        labelHidden
        type="search"
        icon={Search}
        placeholder={text.administration.people.searchPlaceholder}
        value={query}
        onChange={setQuery}
        input={{ autoComplete: 'off', spellCheck: 'false' }}
      />
      <Loaded
        data={everyone.data}
        problem={everyone.isError ? pageProblem(everyone.error) : undefined}
        onTryAgain={() => void everyone.refetch()}
      >
        {(people) => (
          <Everyone people={people} query={settled} done={done} onStep={(person, step) => setAsking({ person, step })} />
        )}
      </Loaded>
      {asking !== null && (
        <PersonQuestion
          {...asking}
          onDone={(sentence) => {
            setAsking(null);
            setDone(sentence);
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </Page>
  );
}

interface EveryoneProps {
  people: readonly PersonView[];
  query: string;
  /** What was done last. */
  done: string;
  onStep: (person: PersonView, step: PersonStep) => void;
}

function Everyone({ people, query, done, onStep }: EveryoneProps) {
  const shown = people.slice(0, SHOWN);
  return (
    <div>
      <p role="status" className={styles['status']}>
        {people.length === 0
          ? text.administration.people.nobody(query)
          : done !== ''
            ? done
            : text.administration.people.count(people.length)}
      </p>
      <ul className={styles['list']} aria-label={text.administration.people.list}>
        {shown.map((person) => (
          <PersonRow key={person.id} person={person} onStep={(step) => onStep(person, step)} />
        ))}
      </ul>
      {people.length > shown.length && (
        <p className={styles['status']}>{text.administration.people.more(people.length - shown.length)}</p>
      )}
    </div>
  );
}
