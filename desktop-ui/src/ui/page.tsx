// A page that fills a screen: one title, and below it parts with names of their own.

import { useId, type ReactNode } from 'react';

import { classes } from './classes.ts';
import styles from './page.module.css';

interface PageProps {
  title: string;
  lead?: string;
  /** What can be done with the whole page, beside its title. */
  actions?: ReactNode;
  /** For lists, which use more room than forms. */
  wide?: boolean;
  children: ReactNode;
}

export function Page({ title, lead, actions, wide = false, children }: PageProps) {
  return (
    <div className={classes(styles['page'], wide && styles['wide'])}>
      <header className={styles['head']}>
        <div className={styles['words']}>
          <h1>{title}</h1>
          {lead !== undefined && <p>{lead}</p>}
        </div>
        {actions}
      </header>
      {children}
    </div>
  );
}

interface PagePartProps {
  title: string;
  lead?: string | undefined;
  actions?: ReactNode;
  children: ReactNode;
}

export function PagePart({ title, lead, actions, children }: PagePartProps) {
  const id = useId();
  return (
    <section className={styles['part']} aria-labelledby={id}>
      <div className={styles['partHead']}>
        <div className={styles['words']}>
          <h2 id={id}>{title}</h2>
          {lead !== undefined && <p>{lead}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
