// The test of the way to the server: each step as it is done, with what to do where one fails.

import { CircleAlert, CircleCheck, CircleMinus, type LucideIcon } from 'lucide-react';

import type { ConnectionTest } from '#bridge/generated/ConnectionTest.ts';
import type { TestStep } from '#bridge/generated/TestStep.ts';
import { errorSentence } from '#text/failure.ts';
import { numberText } from '#text/numbers.ts';
import { text } from '#text/text.ts';
import { Button } from '#ui/button.tsx';
import { classes } from '#ui/classes.ts';
import { CopyButton } from '#ui/copy-button.tsx';
import { Icon } from '#ui/icon.tsx';
import { Notice } from '#ui/notice.tsx';
import { PagePart } from '#ui/page.tsx';

import styles from './connection-page.module.css';
import { useConnectionTest } from './network-queries.ts';
import { hasFailed, stepAdvice, stepDetail, stepResult, testAsText } from './test-words.ts';

export function ConnectionTestPart() {
  const { test, run } = useConnectionTest();
  const say = text.connectionTest;
  return (
    <PagePart
      title={say.title}
      lead={say.lead}
      actions={test?.done === true && <CopyButton text={testAsText(test)} label={say.copy} done={say.copied} />}
    >
      <Button className={styles['save']} busy={run.isPending} onPress={() => run.mutate()}>
        {test === null ? say.run : say.again}
      </Button>
      {run.isError && <Notice kind="danger">{errorSentence(run.error)}</Notice>}
      {test !== null && <Steps test={test} />}
    </PagePart>
  );
}

function Steps({ test }: { test: ConnectionTest }) {
  const say = text.connectionTest;
  const isBad = test.steps.some(hasFailed);
  return (
    <>
      <ol aria-label={say.list} className={styles['steps']}>
        {test.steps.map((step) => (
          <Step key={step.kind} step={step} />
        ))}
      </ol>
      <p role="status" className={styles['used']}>
        {test.done ? (isBad ? say.fails : say.works) : say.running}
      </p>
    </>
  );
}

const SIGNS: Record<TestStep['outcome']['outcome'], LucideIcon> = {
  fine: CircleCheck,
  skipped: CircleMinus,
  failed: CircleAlert,
  clock_differs: CircleAlert,
};

function Step({ step }: { step: TestStep }) {
  const say = text.connectionTest;
  const kind = step.outcome.outcome;
  const advice = stepAdvice(step);
  const isTried = kind !== 'skipped';
  return (
    <li className={classes(styles['step'], hasFailed(step) && styles['bad'], kind === 'fine' && styles['good'])}>
      <Icon of={SIGNS[kind]} />
      <div className={styles['what']}>
        <div className={styles['line']}>
          <span className={styles['name']}>{say.steps[step.kind]}</span>
          <span className={styles['result']}>{stepResult(step)}</span>
          {isTried && step.kind !== 'clock' && (
            <span className={styles['took']}>{say.took(numberText(step.took_ms))}</span>
          )}
        </div>
        {stepDetail(step) !== '' && <p className={styles['detail']}>{stepDetail(step)}</p>}
        {advice !== '' && <p>{advice}</p>}
      </div>
    </li>
  );
}
