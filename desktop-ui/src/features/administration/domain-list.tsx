// The domains whose addresses may sign in, as a list that grows and shrinks.

import { X } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';

import { text } from '#text/text.ts';
import { Button, IconButton } from '#ui/button.tsx';
import { Field } from '#ui/field.tsx';

import styles from './domain-list.module.css';
import { domainOf } from './settings-change.ts';

interface DomainListProps {
  domains: readonly string[];
  onChange: (domains: readonly string[]) => void;
  /** The server lets any address in for as long as the list is empty. */
  anyDomain: boolean;
}

export function DomainList({ domains, onChange, anyDomain }: DomainListProps) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const frame = useRef<HTMLFieldSetElement>(null);

  function add() {
    const domain = domainOf(typed);
    if (domain === null) {
      setProblem(text.administration.workspace.notADomain);
    } else if (domains.includes(domain)) {
      setProblem(text.administration.workspace.domainKnown(domain));
    } else {
      onChange([...domains, domain]);
      setTyped('');
    }
  }

  function remove(domain: string) {
    onChange(domains.filter((other) => other !== domain));
    // The button that had the focus is gone.
    frame.current?.querySelector('input')?.focus();
  }

  /** Enter adds the domain; it does not save the page. */
  function press(event: KeyboardEvent<HTMLElement>) {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && typed.trim() !== '') {
      event.preventDefault();
      add();
    }
  }

  return (
    // The field inside is the control; Enter in it adds instead of sending the form.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <fieldset ref={frame} className={styles['domains']} onKeyDown={press}>
      <legend>{text.administration.workspace.domains}</legend>
      <p className={styles['hint']}>{text.administration.workspace.domainsHint}</p>
      {domains.length === 0 ? (
        <p className={styles['none']}>
          {anyDomain ? text.administration.workspace.anyDomain : text.administration.workspace.noDomains}
        </p>
      ) : (
        <ul className={styles['list']}>
          {domains.map((domain) => (
            <li key={domain}>
              {domain}
              <IconButton
                icon={X}
                label={text.administration.workspace.removeDomain(domain)}
                compact
                onPress={() => remove(domain)}
              />
            </li>
          ))}
        </ul>
      )}
      <div className={styles['add']}>
        <div className={styles['field']}>
          <Field
            label={text.administration.workspace.addDomain}
            labelHidden
            placeholder={text.administration.workspace.domainPlaceholder}
            value={typed}
            onChange={(value) => {
              setTyped(value);
              setProblem(undefined);
            }}
            error={problem}
            input={{ autoComplete: 'off', spellCheck: 'false', autoCapitalize: 'none', inputMode: 'url' }}
          />
        </div>
        <Button isDisabled={typed.trim() === ''} onPress={add}>
          {text.administration.workspace.add}
        </Button>
      </div>
    </fieldset>
  );
}
