// Which keys choose, for whoever opens the switcher for the first time.

import { text } from '#text/text.ts';
import { spelledWays } from '#ui/keys/spelled.ts';

import styles from './switcher.module.css';

export function SwitcherFoot() {
  const keys = (name: 'walkUp' | 'walkDown' | 'send' | 'close') => spelledWays(name)[0] ?? [];
  const rows = [
    { keys: [...keys('walkUp'), ...keys('walkDown')], says: text.switcher.choose },
    { keys: keys('send'), says: text.switcher.go },
    { keys: keys('close'), says: text.switcher.close },
  ];
  return (
    <p className={styles['foot']}>
      {rows.map(({ keys: pressed, says }) => (
        <span key={says}>
          {pressed.map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
          {says}
        </span>
      ))}
    </p>
  );
}
