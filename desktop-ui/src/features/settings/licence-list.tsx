// Everything others wrote that is inside, with the terms it comes under.

import { Search } from 'lucide-react';
import { useState } from 'react';

import { text } from '#text/text.ts';
import { Field } from '#ui/field.tsx';
import { Loaded } from '#ui/loaded.tsx';

import styles from './licence-list.module.css';
import { useLicences, type Licence } from './queries.ts';

export function LicenceList() {
  const licences = useLicences(true);
  return (
    <Loaded
      data={licences.data}
      problem={licences.isError ? text.settings.about.licencesFailed : undefined}
      onTryAgain={() => void licences.refetch()}
    >
      {(list) => <Licences licences={list} />}
    </Loaded>
  );
}

function Licences({ licences }: { licences: readonly Licence[] }) {
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLocaleLowerCase();
  const found = licences.filter(({ name, licence }) => `${name} ${licence}`.toLocaleLowerCase().includes(wanted));
  return (
    <div className={styles['licences']}>
      <Field
        label={text.settings.about.searchLicences}
        labelHidden
        type="search"
        icon={Search}
        placeholder={text.settings.about.searchPlaceholder}
        value={query}
        onChange={setQuery}
        focusFirst
        input={{ autoComplete: 'off', spellCheck: 'false' }}
      />
      <p role="status" className={styles['count']}>
        {found.length === 0 ? text.settings.about.noneFound(query.trim()) : text.settings.about.licencesCount(found.length)}
      </p>
      <ul aria-label={text.settings.about.licencesList} className={styles['list']}>
        {found.map(({ name, version, licence }) => (
          <li key={`${name} ${version}`}>
            <span className={styles['name']}>
              {name} <span className={styles['version']}>{version}</span>
            </span>
            <span className={styles['licence']}>{licence}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
