/** A clock that only goes forward, in milliseconds. For durations; the wall clock may be set. */
export function monotonicMs(): number {
  return performance.now();
}

/** The promise's outcome if it comes within `ms` milliseconds, else `otherwise`. A late rejection is swallowed. */
export async function orAfter<T, U>(promise: Promise<T>, ms: number, otherwise: U): Promise<T | U> {
  const { promise: expired, resolve } = Promise.withResolvers<U>();
  const timer = setTimeout(() => resolve(otherwise), ms);
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs what is given one after the other, in the order of the calls. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
