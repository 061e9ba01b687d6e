/** What every long-lived service of a worker looks like. */
export interface Service {
  readonly name: string;
  /** Starts the rounds. Idempotent. The first round begins at once. */
  start(): void;
  /** Ends the rounds and waits for the one under way. Idempotent, also before `start`; never rejects. */
  stop(): Promise<void>;
  /** One round; what the timer calls, and tests too. */
  runOnce(): Promise<void>;
}

export interface PeriodicOptions {
  name: string;
  /** From the end of one round to the start of the next, so that rounds never overlap. */
  everyMs: number;
  round: () => Promise<void>;
  /** A round that fails is reported and the next one comes: services outlive outages. */
  onError: (name: string, error: unknown) => void;
}

export function periodicService(options: PeriodicOptions): Service {
  /** Counts the starts: a round that belongs to a former one does not go on. Null: stopped. */
  let current: number | null = null;
  let starts = 0;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();

  const loop = async (mine: number): Promise<void> => {
    if (current !== mine) return;
    try {
      await options.round();
    } catch (error) {
      options.onError(options.name, error);
    }
    if (current !== mine) return;
    timer = setTimeout(() => {
      underWay = loop(mine);
    }, options.everyMs);
  };
  return {
    name: options.name,
    runOnce: options.round,
    start: () => {
      if (current !== null) return;
      starts += 1;
      const mine = starts;
      current = mine;
      // After a stop that still waits for its last round, so that two rounds never overlap.
      underWay = underWay.then(() => loop(mine));
    },
    stop: async () => {
      current = null;
      clearTimeout(timer);
      await underWay;
    },
  };
}
