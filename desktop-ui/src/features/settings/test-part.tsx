// A notification to try out, and what came of it.

import type { NotifyProblem } from '#bridge/device/NotifyProblem.ts';
import type { TestResult } from '#bridge/device/TestResult.ts';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { Notice } from '#ui/notice.tsx';
import { PagePart } from '#ui/page.tsx';

import styles from './notifications-page.module.css';
import { useTestNotification } from './notification-queries.ts';

export function TestPart() {
  const test = useTestNotification();
  const say = text.notifications;
  return (
    <PagePart title={say.test} lead={say.testLead}>
      <Button className={styles['send']} busy={test.isPending} onPress={() => test.mutate()}>
        {say.sendTest}
      </Button>
      {test.isError && <Notice kind="danger">{errorSentence(test.error)}</Notice>}
      {test.isSuccess && <Result result={test.data} />}
    </PagePart>
  );
}

function Result({ result: { problem, paused, quiet_hour: quiet } }: { result: TestResult }) {
  const say = text.notifications;
  if (problem !== null) {
    return (
      <Notice kind="danger">
        <p>{problemSentence(problem)}</p>
        {'detail' in problem && problem.detail !== '' && <p className={styles['detail']}>{say.detail(problem.detail)}</p>}
      </Notice>
    );
  }
  return (
    <Notice kind="calm">
      <p>{say.onItsWay}</p>
      {paused && <p>{say.pausedNow}</p>}
      {quiet && <p>{say.quietNow}</p>}
    </Notice>
  );
}

function problemSentence({ problem }: NotifyProblem): string {
  const say = text.notifications;
  return { no_service: say.noService, refused: say.refused, silent: say.noAnswer }[problem];
}
