// A test of the connection in words: of each step what came of it and what to do, and the whole as a text to send.

import type { ConnectionTest } from '#bridge/generated/ConnectionTest.ts';
import type { TestStep } from '#bridge/generated/TestStep.ts';
import { failureSentence, waitText } from '#text/failure.ts';
import { hostName } from '#text/network-failure.ts';
import { numberText } from '#text/numbers.ts';
import { text } from '#text/text.ts';
import { fullText } from '#text/time.ts';

export function hasFailed({ outcome }: TestStep): boolean {
  return outcome.outcome === 'failed' || outcome.outcome === 'clock_differs';
}

export function stepResult({ outcome }: TestStep): string {
  const say = text.connectionTest;
  return { fine: say.fine, skipped: say.skipped, failed: say.failed, clock_differs: say.differs }[outcome.outcome];
}

/** What people want to know who know what it means. */
export function stepDetail({ outcome }: TestStep): string {
  switch (outcome.outcome) {
    case 'fine':
      return outcome.detail;
    case 'skipped':
      return text.connectionTest.skips[outcome.why];
    case 'failed':
      return outcome.failure.reason === 'unreachable' || outcome.failure.reason === 'storage' ? outcome.failure.detail : '';
    case 'clock_differs':
      return '';
  }
}

/** What is wrong and what to do; blank where nothing is wrong. */
export function stepAdvice({ kind, outcome }: TestStep): string {
  const say = text.connectionTest;
  if (outcome.outcome === 'clock_differs') {
    const wait = waitText(Math.abs(outcome.seconds));
    return outcome.seconds > 0 ? say.clockAhead(wait) : say.clockBehind(wait);
  }
  if (outcome.outcome !== 'failed') {
    return '';
  }
  const isAboutTheWay = outcome.failure.reason === 'unreachable' || outcome.failure.reason === 'not_loquat';
  const hint = kind === 'proxy' || kind === 'clock' ? undefined : say.hints[kind];
  return isAboutTheWay && hint !== undefined ? hint : failureSentence(outcome.failure);
}

export function testAsText(test: ConnectionTest): string {
  const say = text.connectionTest;
  const at = fullText(test.started_at, { now: test.started_at });
  const lines = test.steps.map((step) => {
    const took = step.outcome.outcome === 'skipped' ? '' : `, ${say.took(numberText(step.took_ms))}`;
    const more = [stepDetail(step), stepAdvice(step)].filter((part) => part !== '').map((part) => `\n    ${part}`);
    return `${say.steps[step.kind]}: ${stepResult(step)}${took}${more.join('')}`;
  });
  const proxy = test.proxy === null ? [] : [text.connectionSettings.inUse(hostName(test.proxy))];
  return [say.heading(hostName(test.server), at), ...proxy, '', ...lines].join('\n');
}
