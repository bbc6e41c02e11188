// How the connection is: nothing while it is well, a thin line once trouble has lasted three seconds.

import { useMutation } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';

import { useConnection, useHost } from '#bridge/context.tsx';
import type { Connection } from '#bridge/generated/Connection.ts';
import type { Failure } from '#bridge/generated/Failure.ts';
import { failureSentence } from '#text/failure.ts';
import { hostName } from '#text/network-failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { Icon } from '#ui/icon.tsx';
import { useIsPast } from '#ui/use-now.ts';

import styles from './connection-line.module.css';

/** Shorter interruptions are nobody's concern. */
const PATIENCE_MS = 3000;

export function ConnectionLine({ onDetails }: { onDetails: () => void }) {
  const host = useHost();
  const connection = useConnection() ?? { state: 'online' };
  const since = connection.state === 'online' ? null : connection.since;
  const shown = useIsPast(since === null ? null : since + PATIENCE_MS) && connection.state !== 'online';
  const again = useMutation({ mutationFn: () => host.reconnectNow() });
  return (
    <div
      role="status"
      aria-label={text.connection.region}
      data-testid="connection"
      data-state={connection.state}
      className={classes(styles['line'], shown && styles['shown'])}
    >
      {shown && (
        <>
          <Icon of={WifiOff} />
          <span>{sentence(connection)}</span>
          {troubleOf(connection) !== undefined && (
            <Button weight="link" size="compact" className={styles['again']} onPress={onDetails}>
              {text.certificate.show}
            </Button>
          )}
          {connection.state === 'offline' && (
            <Button weight="link" size="compact" className={styles['again']} onPress={() => again.mutate()}>
              {text.connection.tryNow}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

/** What somebody has to put right before it works again. */
function troubleOf(connection: Connection): Failure | undefined {
  return connection.state === 'online' ? undefined : connection.trouble;
}

function sentence(connection: Connection): string {
  const trouble = troubleOf(connection);
  if (trouble !== undefined) {
    return trouble.reason === 'certificate_not_trusted'
      ? text.certificate.line(hostName(trouble.address))
      : failureSentence(trouble);
  }
  if (connection.state !== 'offline') {
    return text.connection.connecting;
  }
  return connection.unsent > 0 ? text.connection.offlineUnsent(connection.unsent) : text.connection.offline;
}
