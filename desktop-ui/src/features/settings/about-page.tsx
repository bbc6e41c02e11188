// What this app is, which server it talks to, and whose work is inside.

import { useState } from 'react';

import { useSession } from '#bridge/context.tsx';
import { hostName } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Mark } from '#ui/mark.tsx';
import { Page, PagePart } from '#ui/page.tsx';

import styles from './about-page.module.css';
import { LicenceList } from './licence-list.tsx';
import { useVersion } from './queries.ts';

export function AboutPage() {
  const session = useSession();
  const version = useVersion();
  const [open, setOpen] = useState(false);
  const server = session?.phase === 'signed_in' ? session.server : '';
  const workspace = session?.phase === 'signed_in' ? session.workspace : '';
  const facts = [
    [text.settings.about.version, version],
    [text.settings.about.workspace, workspace],
    [text.settings.about.server, hostName(server)],
  ] as const;

  return (
    <Page title={text.settings.about.title}>
      <div className={styles['brand']}>
        <Mark size={48} />
        <div>
          <p className={styles['name']}>{text.appName}</p>
          <p className={styles['lead']}>{text.settings.about.lead}</p>
        </div>
      </div>
      <div className={styles['facts']}>
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <CopyButton
          text={facts.map(([name, value]) => `${name}: ${value}`).join('\n')}
          label={text.settings.about.copy}
          done={text.settings.about.copied}
        />
      </div>
      <PagePart title={text.settings.about.licences} lead={text.settings.about.licencesLead}>
        {open ? (
          <LicenceList />
        ) : (
          <Button className={styles['show']} onPress={() => setOpen(true)}>
            {text.settings.about.showLicences}
          </Button>
        )}
      </PagePart>
    </Page>
  );
}
