// What the organisation decided for this device. It can only be read here; administrators change it where it lies.

import type { PolicyFault } from '#bridge/device/PolicyFault.ts';
import type { PolicyRow } from '#bridge/device/PolicyRow.ts';
import type { PolicyView } from '#bridge/device/PolicyView.ts';
import { pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { CopyButton } from '#ui/copy-button.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Page, PagePart } from '#ui/page.tsx';

import styles from './organisation-page.module.css';
import { useOrganisation } from './organisation-queries.ts';

export function OrganisationPage() {
  const organisation = useOrganisation();
  return (
    <Page title={text.organisation.title} lead={text.organisation.lead}>
      <Loaded
        data={organisation.data}
        problem={organisation.isError ? pageProblem(organisation.error) : undefined}
        onTryAgain={() => void organisation.refetch()}
      >
        {(decided) => <Decisions decided={decided} />}
      </Loaded>
    </Page>
  );
}

function Decisions({ decided }: { decided: PolicyView }) {
  const say = text.organisation;
  return (
    <>
      {decided.rows.length === 0 ? (
        <p className={styles['nothing']}>{say.nothing}</p>
      ) : (
        <>
          <ul className={styles['list']} aria-label={say.list}>
            {decided.rows.map((row) => (
              <Decision key={row.key} row={row} />
            ))}
          </ul>
          <CopyButton text={asText(decided)} label={say.copy} done={say.copied} />
        </>
      )}
      {decided.faults.length > 0 && (
        <PagePart title={say.ignored} lead={say.ignoredLead}>
          <ul className={styles['faults']}>
            {decided.faults.map((fault) => (
              <li key={faultSentence(fault)}>{faultSentence(fault)}</li>
            ))}
          </ul>
        </PagePart>
      )}
    </>
  );
}

function Decision({ row }: { row: PolicyRow }) {
  const say = text.organisation;
  const names: Readonly<Record<string, string>> = say.names;
  return (
    <li className={styles['row']}>
      <p className={styles['name']}>{names[row.key] ?? row.key}</p>
      <p className={styles['value']}>{valueText(row.value)}</p>
      <p className={styles['origin']}>
        {row.fixed ? say.fixed : say.initial}
        <br />
        {say.from(row.place)}
      </p>
    </li>
  );
}

/** A value as people read it; it comes as it would be written in a file. */
function valueText(written: string): string {
  const value: unknown = parsed(written);
  if (typeof value === 'boolean') {
    return value ? text.organisation.yes : text.organisation.no;
  }
  return Array.isArray(value) ? value.join('\n') : String(value);
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

/** For whoever looks after the device, who knows the keys. */
function asText(decided: PolicyView): string {
  const rows = decided.rows.map((row) => `${row.key} = ${row.value} (${row.place})`);
  return [...rows, ...decided.faults.map(faultSentence)].join('\n');
}

function faultSentence(fault: PolicyFault): string {
  const say = text.organisation;
  switch (fault.kind) {
    case 'unknown_key': {
      const sentence = say.unknownKey(fault.place, fault.key);
      return fault.meant === null ? sentence : `${sentence} ${say.meant(fault.meant)}`;
    }
    case 'wrong_value':
      return say.wrongValue(fault.place, fault.key, fault.value, fault.expected);
    case 'incomplete':
      return say.incomplete(fault.place, fault.key, fault.value, fault.needed);
    case 'not_trusted':
      return say.notTrusted(fault.place, fault.why);
    case 'unreadable':
      return say.unreadable(fault.place, fault.why);
  }
}
