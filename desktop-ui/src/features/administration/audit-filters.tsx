// Which events of the audit log are shown: whose, of what kind, since when.

import { useState } from 'react';

import type { AuditAction } from '#bridge/generated/AuditAction.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Choice } from '#ui/choice.tsx';
import { Select } from '#ui/select.tsx';

import styles from './audit-page.module.css';
import { useEveryone, type AuditFilter } from './queries.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const TIMES = { any: null, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS, quarter: 90 * DAY_MS };
type Time = keyof typeof TIMES;

interface AuditFiltersProps {
  filter: AuditFilter;
  onChange: (filter: AuditFilter) => void;
}

export function AuditFilters({ filter, onChange }: AuditFiltersProps) {
  const everyone = useEveryone('').data ?? [];
  const actions = Object.entries(text.administration.audit.actions) as [AuditAction, string][];
  const [time, setTime] = useState<Time>('any');
  /** What was typed into the box for people is let go of with the filter. */
  const [cleared, setCleared] = useState(0);

  function chooseTime(chosen: Time) {
    setTime(chosen);
    const others = without(filter, 'since');
    const ago = TIMES[chosen];
    onChange(ago === null ? others : { ...others, since: Date.now() - ago });
  }

  function clear() {
    setTime('any');
    setCleared((count) => count + 1);
    onChange({});
  }

  return (
    <div className={styles['filters']} role="group" aria-label={text.administration.audit.filters}>
      <Choice
        // Its list is the one it began with; it begins again once the people are known.
        key={`${cleared} ${everyone.length === 0}`}
        label={text.administration.audit.person}
        placeholder={text.administration.audit.everyone}
        value={filter.actor ?? ''}
        onChange={(actor) => {
          const others = without(filter, 'actor');
          onChange(actor === '' ? others : { ...others, actor });
        }}
        options={everyone.map((person) => ({ value: person.id, label: person.name }))}
        className={styles['filter']}
      />
      <Select<AuditAction | 'any'>
        label={text.administration.audit.action}
        value={filter.action ?? 'any'}
        onChange={(action) => {
          const others = without(filter, 'action');
          onChange(action === 'any' ? others : { ...others, action });
        }}
        options={[
          { value: 'any', label: text.administration.audit.anyAction },
          ...actions.map(([value, label]) => ({ value, label })),
        ]}
        className={styles['filter']}
      />
      <Select<Time>
        label={text.administration.audit.time}
        value={time}
        onChange={chooseTime}
        options={(Object.keys(TIMES) as Time[]).map((value) => ({ value, label: text.administration.audit.times[value] }))}
        className={styles['filter']}
      />
      {Object.keys(filter).length > 0 && (
        <Button weight="quiet" onPress={clear}>
          {text.administration.audit.clear}
        </Button>
      )}
    </div>
  );
}

function without(filter: AuditFilter, field: keyof AuditFilter): AuditFilter {
  const others = { ...filter };
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
  delete others[field];
  return others;
}
