import { describe, expect, test } from '@jest/globals';
import { createGroupWriter, OverloadedError } from '../src/inbox/group-writer.ts';

/** A writer whose writes end when the test says so. */
function gated(options: { maxWeight?: number; maxGroup?: number } = {}) {
  const groups: { items: readonly number[]; end: PromiseWithResolvers<void> }[] = [];
  const begun: (() => void)[] = [];
  const writer = createGroupWriter<number>({
    write: (items) => {
      const end = Promise.withResolvers<void>();
      groups.push({ items, end });
      begun.shift()?.();
      return end.promise;
    },
    weigh: (item) => item,
    maxWeight: 1_000,
    maxGroup: 100,
    ...options,
  });
  /** Resolves when the next write began. */
  const next = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    begun.push(resolve);
    return promise;
  };
  return { writer, groups, next, written: () => groups.map((group) => group.items) };
}

describe('group commit', () => {
  test('a lone item is written at once, and is not done before its write is', async () => {
    const { writer, groups, next } = gated();
    const begun = next();
    let isDone = false;
    const done = writer.submit(1).then(() => {
      isDone = true;
    });
    await begun;
    expect(isDone).toBe(false);
    groups[0]?.end.resolve();
    await done;
    expect(isDone).toBe(true);
  });

  test('what comes while a write is under way is written together, in order, by the next one', async () => {
    const { writer, groups, next, written } = gated({ maxGroup: 3 });
    let begun = next();
    const all = [writer.submit(1)];
    await begun;
    all.push(...[2, 3, 4, 5].map((item) => writer.submit(item)));
    expect(written()).toEqual([[1]]);
    for (const index of [0, 1]) {
      begun = next();
      groups[index]?.end.resolve();
      await begun;
    }
    groups[2]?.end.resolve();
    await Promise.all(all);
    expect(written()).toEqual([[1], [2, 3, 4], [5]]);
  });

  test('everybody of a group that failed is told why, and the next group is none the worse', async () => {
    const { writer, groups, next } = gated();
    let begun = next();
    const first = [writer.submit(1), writer.submit(2)].map((one) => one.catch((error: unknown) => error));
    await begun;
    const later = writer.submit(3);
    begun = next();
    const failure = new Error('the disk is full');
    groups[0]?.end.reject(failure);
    expect(await Promise.all(first)).toEqual([failure, failure]);
    await begun;
    groups[1]?.end.resolve();
    await later;
  });

  test('no more is held than may be; what is written makes room', async () => {
    const { writer, groups, next } = gated({ maxWeight: 10 });
    const begun = next();
    const first = writer.submit(6);
    await begun;
    await expect(writer.submit(5)).rejects.toThrow(OverloadedError);
    const fits = writer.submit(4);
    const second = next();
    groups[0]?.end.resolve();
    await first;
    await second;
    const again = writer.submit(6);
    const third = next();
    groups[1]?.end.resolve();
    await fits;
    await third;
    groups[2]?.end.resolve();
    await again;
  });

  test('one item that is too large by itself is written when nothing else is held', async () => {
    const { writer, groups, next } = gated({ maxWeight: 10 });
    const begun = next();
    const done = writer.submit(11);
    await begun;
    groups[0]?.end.resolve();
    await done;
  });
});
