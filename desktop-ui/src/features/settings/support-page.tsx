// What helps somebody who is asked for help: a file to hand on, how much is logged, and the last fault.

import type { CrashNote } from '#bridge/device/CrashNote.ts';
import type { LogLevel } from '#bridge/device/LogLevel.ts';
import type { SupportView } from '#bridge/device/SupportView.ts';
import { errorSentence, pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { momentInSentence } from '#text/time.ts';
import { Button } from '#ui/button.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Notice } from '#ui/notice.tsx';
import { Page, PagePart } from '#ui/page.tsx';
import { Radios } from '#ui/radios.tsx';
import { useNow } from '#ui/use-now.ts';

import styles from './connection-page.module.css';
import { useForgetCrash, useSaveDiagnostics, useSetLogLevel, useSupport } from './support-queries.ts';

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug', 'trace'];

export function SupportPage() {
  const support = useSupport();
  return (
    <Page title={text.support.title} lead={text.support.lead}>
      <Loaded
        data={support.data}
        problem={support.isError ? pageProblem(support.error) : undefined}
        onTryAgain={() => void support.refetch()}
      >
        {(view) => (
          <>
            {view.crash !== null && <LastFault note={view.crash} />}
            <FilePart allowed={view.allowed} />
            <LogPart view={view} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function LastFault({ note }: { note: CrashNote }) {
  const say = text.support;
  const forget = useForgetCrash();
  const now = useNow(60_000);
  return (
    <Notice kind="calm">
      <p>{say.crashed(momentInSentence(note.at, { now }))}</p>
      <p>{say.crashPlace(note.place, note.version)}</p>
      <Button weight="link" size="compact" onPress={() => forget.mutate()}>
        {say.putAway}
      </Button>
    </Notice>
  );
}

function FilePart({ allowed }: { allowed: boolean }) {
  const say = text.support;
  const save = useSaveDiagnostics();
  return (
    <PagePart title={say.file} lead={allowed ? say.fileLead : say.notAllowed}>
      {allowed && (
        <Button className={styles['save']} busy={save.isPending} onPress={() => save.mutate()}>
          {say.save}
        </Button>
      )}
      {save.isPending && <p className={styles['used']}>{say.saving}</p>}
      {save.isSuccess && <Notice kind="calm">{say.saved(save.data)}</Notice>}
      {save.isError && <Notice kind="danger">{errorSentence(save.error)}</Notice>}
    </PagePart>
  );
}

function LogPart({ view }: { view: SupportView }) {
  const say = text.support;
  const level = useSetLogLevel();
  return (
    <PagePart title={say.log} lead={view.log_decided ? say.decided : say.logLead}>
      {view.log_decided ? (
        <p>{say.levels[view.log_level]}</p>
      ) : (
        <Radios<LogLevel>
          label={say.howMuch}
          value={view.log_level}
          onChange={(chosen) => level.mutate(chosen)}
          options={LEVELS.map((value) => ({ value, label: say.levels[value], hint: say.levelHints[value] }))}
        />
      )}
      {level.isError && <Notice kind="danger">{errorSentence(level.error)}</Notice>}
    </PagePart>
  );
}
