import { describe, expect, test } from '@jest/globals';
import { DELIVERY_ATTEMPTS_MAX, retryDelaySeconds, targetRefusal } from '@tidemark/core/outgoing';

describe('attempts at a delivery', () => {
  test('come ever later, spread a little, and end', () => {
    const delays = Array.from({ length: DELIVERY_ATTEMPTS_MAX }, (_, index) =>
      retryDelaySeconds(index + 1, 0),
    );
    expect(delays).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null]);
    expect(retryDelaySeconds(2, 0.5)).toBe(315);
  });
});

describe('the address of a subscriber', () => {
  test.each([
    ['https://example.com/hook?x=1', false, null],
    ['http://example.com/hook', false, 'not_https'],
    ['http://example.com/hook', true, null],
    ['https://user:secret@example.com/', true, 'has_credentials'],
    ['ftp://example.com/', true, 'not_a_url'],
    ['javascript:alert(1)', true, 'not_a_url'],
    ['example.com', true, 'not_a_url'],
  ])('%s (internal allowed: %s) is refused as %s', (url, allowInternal, refusal) => {
    expect(targetRefusal(url, allowInternal)).toBe(refusal);
  });
});
