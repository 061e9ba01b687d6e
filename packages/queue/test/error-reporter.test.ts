import { describe, expect, test } from '@jest/globals';
import { classifyError, ErrorReporter } from '../src/error-reporter.ts';
import { backoffMs, RetryRequested } from '../src/outcome.ts';
import { recordingLogger } from './harness.ts';

const JOB = '0199aaaa-0000-7000-8000-000000000000-3-0';

describe('classifyError', () => {
  test.each([
    `Missing key for job ${JOB}. moveToFinished`,
    `Missing lock for job ${JOB}. moveToDelayed`,
    `Lock mismatch for job ${JOB}. Cmd moveToFinished from active`,
    `could not renew lock for job ${JOB}`,
    `Job ${JOB} is not in the active state. retryJob`,
  ])('"%s" is a lost job', (message) => {
    expect(classifyError(new Error(message))).toEqual({ kind: 'lost', jobId: JOB });
  });

  test.each([
    'connect ECONNREFUSED 127.0.0.1:6379',
    'Connection is closed.',
    'LOADING Redis is loading the dataset',
  ])('"%s" is a connection error', (message) => {
    expect(classifyError(new Error(message))).toEqual({ kind: 'connection' });
  });

  test('anything else is neither', () => {
    expect(classifyError(new Error('OOM command not allowed'))).toEqual({ kind: 'other' });
  });
});

describe('ErrorReporter', () => {
  test('logs a trouble once, and tells the listener of each error once', () => {
    const logger = recordingLogger();
    const heard: Error[] = [];
    const reporter = new ErrorReporter(logger, (error) => heard.push(error));
    const first = new Error('connect ECONNREFUSED 127.0.0.1:1');
    reporter.report(first);
    reporter.report(first);
    reporter.report(new Error('connect ECONNREFUSED 127.0.0.1:1'));
    reporter.report(new Error(`could not renew lock for job ${JOB}`));
    reporter.report(new Error(`Missing key for job ${JOB}. moveToFinished`));
    reporter.report(new Error('OOM command not allowed'));
    expect(logger.lines.map((line) => line.level)).toEqual(['warn', 'warn', 'error']);
    expect(heard).toHaveLength(5);
  });

  test('remembers a bounded number of troubles', () => {
    const logger = recordingLogger();
    const reporter = new ErrorReporter(logger);
    for (let index = 0; index < 2_000; index += 1) {
      reporter.report(new Error(`trouble ${index}`));
    }
    reporter.report(new Error('trouble 0'));
    expect(logger.lines).toHaveLength(2_001);
  });
});

describe('backoffMs', () => {
  test('is the delay a retry asked for', () => {
    expect(backoffMs(7, new RetryRequested('slow', 1_234))).toBe(1_234);
    expect(backoffMs(7, new RetryRequested('slow', -5))).toBe(0);
  });

  test('doubles after exceptions, up to half a minute', () => {
    const waits = [1, 2, 3, 6, 1_000].map((attempt) => backoffMs(attempt, new Error('bug')));
    expect(waits).toEqual([1_000, 2_000, 4_000, 30_000, 30_000]);
  });
});
