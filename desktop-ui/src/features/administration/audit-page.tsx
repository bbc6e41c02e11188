// What was done to accounts and to the workspace, day by day, the newest first.

import { Download } from 'lucide-react';
import { useState } from 'react';

import { usePeople } from '#bridge/context.tsx';
import type { AuditEvent } from '#bridge/generated/AuditEvent.ts';
import { errorSentence, pageProblem } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { CopyButton } from '#ui/copy-button.tsx';
import { Icon } from '#ui/icon.tsx';
import { Loaded } from '#ui/loaded.tsx';
import { Notice } from '#ui/notice.tsx';
import { Page } from '#ui/page.tsx';

import { AuditDays } from './audit-days.tsx';
import { AuditFilters } from './audit-filters.tsx';
import styles from './audit-page.module.css';
import { useAuditLog, useEveryone, useExportAuditLog, type AuditFilter } from './queries.ts';

export function AuditPage() {
  const [filter, setFilter] = useState<AuditFilter>({});
  const log = useAuditLog(filter);
  const exporting = useExportAuditLog();
  const nameOf = useNames();
  const events = log.data?.pages.flatMap((page) => page.events);

  return (
    <Page
      title={text.administration.audit.title}
      lead={text.administration.audit.lead}
      actions={
        <span title={text.administration.audit.exportHint}>
          <Button busy={exporting.isPending} onPress={() => exporting.mutate(filter)}>
            <Icon of={Download} />
            {text.administration.audit.export}
          </Button>
        </span>
      }
      wide
    >
      {exporting.isError && <Notice kind="danger">{errorSentence(exporting.error)}</Notice>}
      {exporting.isSuccess && <Exported path={exporting.data} />}
      <AuditFilters
        filter={filter}
        onChange={(chosen) => {
          exporting.reset();
          setFilter(chosen);
        }}
      />
      <Loaded
        data={events}
        problem={log.isError ? pageProblem(log.error) : undefined}
        onTryAgain={() => void log.refetch()}
      >
        {(list) =>
          list.length === 0 ? (
            <Nothing filtered={Object.keys(filter).length > 0} />
          ) : (
            <>
              <AuditDays events={list} nameOf={nameOf} />
              <Earlier log={log} events={list} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

/** Names of everybody there is an account of; people this device knows of stand in until the server has answered. */
function useNames(): (id: string) => string | null {
  const known = usePeople();
  const everyone = useEveryone('').data;
  const names = new Map(everyone?.map((person) => [person.id, person.name]));
  return (id) => names.get(id) ?? known.get(id)?.name ?? null;
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <p role="status" className={styles['nothing']}>
      {filtered ? text.administration.audit.noneFound : text.administration.audit.none}
    </p>
  );
}

function Exported({ path }: { path: string }) {
  return (
    <Notice kind="calm">
      <div className={styles['exported']}>
        <span>
          {text.administration.audit.exported} <span className={styles['path']}>{path}</span>
        </span>
        <CopyButton
          text={path}
          label={text.administration.audit.copyPath}
          done={text.administration.audit.pathCopied}
        />
      </div>
    </Notice>
  );
}

function Earlier({ log, events }: { log: ReturnType<typeof useAuditLog>; events: readonly AuditEvent[] }) {
  return (
    <div className={styles['earlier']}>
      {log.isFetchNextPageError && <Notice kind="danger">{errorSentence(log.error)}</Notice>}
      {log.hasNextPage && (
        <Button busy={log.isFetchingNextPage} onPress={() => void log.fetchNextPage()}>
          {log.isFetchingNextPage ? text.administration.audit.loading : text.administration.audit.earlier}
        </Button>
      )}
      <span role="status" className={styles['count']}>
        {text.administration.audit.count(events.length)}
      </span>
    </div>
  );
}
