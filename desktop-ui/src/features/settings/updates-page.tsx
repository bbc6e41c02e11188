// New versions of the app: how it stands, what is new in them, and which ones somebody wants.

import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useHost } from '#bridge/context.tsx';
import type { UpdatesChannel } from '#bridge/device/UpdatesChannel.ts';
import type { UpdatesView } from '#bridge/device/UpdatesView.ts';
import { useUpdates } from '#bridge/use-updates.ts';
import { text } from '#text/text.ts';
import { fullText, momentText } from '#text/time.ts';
import { Button } from '#ui/button.tsx';
import { Page, PagePart } from '#ui/page.tsx';
import { Radios } from '#ui/radios.tsx';
import { useNow } from '#ui/use-now.ts';

import { useVersion } from './queries.ts';
import { UpdateStatePart } from './update-state.tsx';
import styles from './updates-page.module.css';

const CHANNELS: readonly UpdatesChannel[] = ['stable', 'beta'];

interface UpdatesPageProps {
  /** Draws Markdown; how is not for the settings to know. */
  draw: (body: string) => ReactNode;
}

export function UpdatesPage({ draw }: UpdatesPageProps) {
  const view = useUpdates();
  const version = useVersion();
  return (
    <Page title={text.updates.title} {...(view === undefined || looks(view) ? { lead: text.updates.lead } : {})}>
      {view !== undefined && (
        <>
          <Facts version={version} view={view} />
          <UpdateStatePart state={view.state} draw={draw} />
          {looks(view) && <ChannelPart view={view} />}
        </>
      )}
    </Page>
  );
}

/** Whether this app looks for new versions at all. */
function looks({ state: { state } }: UpdatesView): boolean {
  return state !== 'off' && state !== 'not_built_in' && state !== 'not_installed' && state !== 'store';
}

function Facts({ version, view }: { version: string; view: UpdatesView }) {
  const host = useHost();
  const now = useNow(60_000);
  const look = useMutation({ mutationFn: () => host.lookForUpdates() });
  const isBusy = ['looking', 'downloading', 'installing'].includes(view.state.state);
  return (
    <div className={styles['facts']}>
      <dl>
        <div>
          <dt>{text.updates.version}</dt>
          <dd>{version}</dd>
        </div>
        {looks(view) && (
          <div>
            <dt>{text.updates.lastLook}</dt>
            {view.last_look === null ? (
              <dd>{text.updates.never}</dd>
            ) : (
              <dd title={fullText(view.last_look, { now })}>{momentText(view.last_look, { now })}</dd>
            )}
          </div>
        )}
      </dl>
      {looks(view) && (
        <Button busy={isBusy} onPress={() => look.mutate()}>
          {text.updates.look}
        </Button>
      )}
    </div>
  );
}

function ChannelPart({ view }: { view: UpdatesView }) {
  const host = useHost();
  const say = text.updates;
  const { mutate } = useMutation({ mutationFn: (channel: UpdatesChannel) => host.setUpdateChannel(channel) });
  if (view.channel_is_set) {
    return (
      <PagePart title={say.channel}>
        <p>{say[view.channel]}</p>
        <p className={styles['hint']}>{say.setByOrganisation}</p>
      </PagePart>
    );
  }
  return (
    <Radios<UpdatesChannel>
      label={say.channel}
      value={view.channel}
      onChange={mutate}
      options={CHANNELS.map((value) => ({
        value,
        label: say[value],
        hint: value === 'stable' ? say.stableHint : say.betaHint,
      }))}
    />
  );
}
