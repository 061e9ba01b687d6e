/** Thrown when more waits to be written than may be held. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError';
  readonly code = 'group_writer_overloaded';
}

export interface GroupWriterOptions<T> {
  /** Writes a group; all of it is written when this resolves, and none of it counts as written when it rejects. */
  write(items: readonly T[]): Promise<void>;
  /** How much of the memory an item takes, in the unit of `maxWeight`. */
  weigh(item: T): number;
  /** What may be held at once, waiting and being written. */
  maxWeight: number;
  /** Items in one group. */
  maxGroup: number;
}

export interface GroupWriter<T> {
  /** Resolves when the item is written. Rejects with what its group's write rejected with, or OverloadedError. */
  submit(item: T): Promise<void>;
}

interface Waiting<T> {
  item: T;
  weight: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: what arrives while a write is under way is written together by the next one. So a lone item waits for
 * nothing, and many at once share one commit instead of standing in line for one each. One write at a time.
 */
export function createGroupWriter<T>(options: GroupWriterOptions<T>): GroupWriter<T> {
  const waiting: Waiting<T>[] = [];
  let held = 0;
  let isWriting = false;

  async function writeAll(): Promise<void> {
    for (let group = take(); group.length > 0; group = take()) {
      try {
        await options.write(group.map((one) => one.item));
        for (const one of group) one.resolve();
      } catch (error) {
        for (const one of group) one.reject(error);
      }
      for (const one of group) held -= one.weight;
    }
    isWriting = false;
  }

  function take(): Waiting<T>[] {
    return waiting.splice(0, options.maxGroup);
  }

  return {
    submit: (item) => {
      const weight = options.weigh(item);
      if (held + weight > options.maxWeight && held > 0) {
        return Promise.reject(new OverloadedError('More waits to be written than may be held.'));
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ item, weight, resolve, reject });
      held += weight;
      if (!isWriting) {
        isWriting = true;
        // After this turn of the loop, so that what arrived in one read of the sockets goes together.
        setImmediate(() => void writeAll());
      }
      return promise;
    },
  };
}
