// Names and values under each other, such as somebody reads out to somebody else.

import styles from './facts.module.css';

export function Facts({ label, facts }: { label: string; facts: readonly { name: string; value: string }[] }) {
  return (
    <dl aria-label={label} className={styles['facts']}>
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
