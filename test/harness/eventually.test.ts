import { expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';

test('returns the first value that does not throw', async () => {
  let attempts = 0;
  const value = await eventually(
    () => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
      return attempts;
    },
    { intervalMs: 1 },
  );
  expect(value).toBe(3);
});

test('fails with the last reason when the time is up', async () => {
  const never = () => Promise.reject(new Error('still missing'));
  await expect(eventually(never, { timeoutMs: 20, intervalMs: 5 })).rejects.toThrow(
    'not true within 20 ms: still missing',
  );
});
