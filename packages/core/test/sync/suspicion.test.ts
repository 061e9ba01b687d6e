import { describe, expect, test } from '@jest/globals';
import { judgeResult } from '@tidemark/core/sync';

describe('E24 a result against the last one', () => {
  test.each([
    [0, 1, 'result_empty'],
    [0, 5_000, 'result_empty'],
    [49, 100, 'result_small'],
    [4, 10, 'result_small'],
  ])('%d after %d is suspicious', (read, before, code) => {
    expect(judgeResult({ stream: 'items', read, before })).toMatchObject({ code, stream: 'items' });
  });

  test.each([
    [0, 0],
    [50, 100],
    [5, 10],
    [1, 9],
    [101, 100],
    [100, 0],
  ])('%d after %d is not', (read, before) => {
    expect(judgeResult({ stream: 'items', read, before })).toBeNull();
  });
});
