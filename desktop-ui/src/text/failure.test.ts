import { describe, expect, it } from 'vitest';

import { refused } from '#bridge/fake-host.ts';
import { HostError } from '#bridge/host.ts';

import { codeRequestSentence, errorSentence, pageProblem, sendProblem, waitText } from './failure.ts';

describe('a refusal says what happened and what to do', () => {
  it.each([
    [refused('code_wrong', { triesLeft: 3 }), 'That code is not right. 3 tries left.'],
    [refused('code_wrong', { triesLeft: 1 }), 'That code is not right. 1 try left.'],
    [refused('code_expired'), 'This code has expired. Send a new one.'],
    [refused('code_used_up'), 'This code was tried too often. Send a new one.'],
    [refused('rate_limited', { retryAfter: 240 }), 'That was too often. Try again in 4 minutes.'],
    [
      new HostError({ reason: 'unreachable', address: 'https://chat.example.org', detail: 'connection refused' }),
      "Can't reach chat.example.org. Check the address or your network.",
    ],
  ])('%#', (error, sentence) => {
    expect(errorSentence(error)).toBe(sentence);
  });

  it('in words of its own when codes are limited', () => {
    expect(codeRequestSentence(refused('rate_limited', { retryAfter: 200 }))).toBe(
      'Too many codes were asked for. Try again in 4 minutes.',
    );
  });

  it('also when the fault is in this app', () => {
    expect(errorSentence(new TypeError('x is undefined'))).toBe('Something went wrong in this app. Try again.');
  });
});

it('a message that was not sent always says why', () => {
  const failure = (error: HostError) => error.failure;
  expect(sendProblem(failure(refused('internal')))).toBe('The server made a mistake.');
  expect(sendProblem(failure(refused('body_too_long')))).toBe('The message is too long. Split it into several.');
  expect(sendProblem(failure(refused('unavailable')))).not.toBe('');
});

it('a page that needs the server says that it comes back with the connection', () => {
  const away = new HostError({ reason: 'unreachable', address: 'https://chat.example.org', detail: '' });
  expect(pageProblem(away)).toBe('This can be seen when you are back online.');
  expect(pageProblem(refused('forbidden'))).toBe('You may not do this.');
});

it('a wait is rounded up, so that it is never too short', () => {
  expect([1, 59, 61, 3599, 3601].map(waitText)).toEqual(['1 second', '59 seconds', '2 minutes', '60 minutes', '2 hours']);
});
