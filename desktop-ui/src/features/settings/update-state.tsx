// How an update stands: one sentence, what can be done now, and what is new in the version.

import type { ReactNode } from 'react';

import type { UpdateInfo } from '#bridge/device/UpdateInfo.ts';
import type { UpdateProblem } from '#bridge/device/UpdateProblem.ts';
import type { UpdateState } from '#bridge/device/UpdateState.ts';
import type { UpdateWay } from '#bridge/device/UpdateWay.ts';
import { useInstallUpdate } from '#bridge/use-updates.ts';
import { sizeText } from '#text/numbers.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Notice } from '#ui/notice.tsx';
import { PagePart } from '#ui/page.tsx';

import styles from './updates-page.module.css';

interface UpdateStateProps {
  state: UpdateState;
  draw: (body: string) => ReactNode;
}

export function UpdateStatePart({ state, draw }: UpdateStateProps) {
  return (
    <>
      <State state={state} />
      {'update' in state && state.update.notes !== '' && (
        <PagePart title={text.updates.notes(state.update.version)}>
          <div className={styles['notes']}>{draw(state.update.notes)}</div>
        </PagePart>
      )}
    </>
  );
}

function State({ state }: { state: UpdateState }) {
  const say = text.updates;
  switch (state.state) {
    case 'failed':
      return <Failed problem={state.problem} version={state.version ?? ''} />;
    case 'ready':
      return <Ready update={state.update} way={state.way} />;
    case 'downloading':
      return <Downloading version={state.update.version} done={state.done} total={state.total} />;
    case 'installing':
      return <Notice kind="calm">{say.installing(state.update.version)}</Notice>;
    default: {
      const sentences = {
        off: say.off,
        not_built_in: say.notBuiltIn,
        not_installed: say.notInstalled,
        store: say.store,
        idle: say.idle,
        looking: say.looking,
        up_to_date: say.upToDate,
      };
      return <p role="status">{sentences[state.state]}</p>;
    }
  }
}

function Downloading({ version, done, total }: { version: string; done: number; total: number | null }) {
  const say = text.updates;
  const words = total === null ? say.progressOpen(sizeText(done)) : say.progress(sizeText(done), sizeText(total));
  return (
    <div className={styles['download']}>
      <p role="status">{say.downloading(version)}</p>
      <progress aria-label={say.progressLabel} {...(total === null ? {} : { value: done, max: total })} />
      <p className={styles['hint']}>{words}</p>
    </div>
  );
}

function Ready({ update, way }: { update: UpdateInfo; way: UpdateWay }) {
  const install = useInstallUpdate();
  const say = text.updates;
  const lead = { restart: say.readyRestart, asks: say.readyAsks, by_hand: say.readyByHand }[way.way];
  return (
    <Notice kind="calm">
      <div className={styles['ready']}>
        <p className={styles['strong']}>{say.ready(update.version)}</p>
        <p>{lead}</p>
        {way.way === 'by_hand' ? (
          <div className={styles['command']}>
            <code>{way.command}</code>
            <CopyButton text={way.command} label={say.copyCommand} done={say.copied} />
          </div>
        ) : (
          <Button weight="primary" className={styles['act']} busy={install.isPending} onPress={() => install.mutate()}>
            {way.way === 'restart' ? say.restart : say.install}
          </Button>
        )}
      </div>
    </Notice>
  );
}

function Failed({ problem, version }: { problem: UpdateProblem; version: string }) {
  const sentence = text.updates.failed[problem.problem];
  return (
    <Notice kind="danger">
      <p>{typeof sentence === 'string' ? sentence : sentence(version)}</p>
      {'detail' in problem && problem.detail !== '' && (
        <p className={styles['detail']}>{text.updates.says(problem.detail)}</p>
      )}
    </Notice>
  );
}
