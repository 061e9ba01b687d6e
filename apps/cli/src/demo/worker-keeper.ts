import { setTimeout as delay } from 'node:timers/promises';
import { type ChildProgram, type Exit, failure, type LaunchOptions, launch } from './child-program.ts';

/** Keeps one worker running. */
export interface WorkerKeeper {
  /** Of the worker that runs now, or ran last. */
  pid(): number;
  /** Settles only by failing: when a worker does not come up again. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
  /** SIGKILL, for those who cannot wait. */
  kill(): void;
}

export interface KeepWorker extends Omit<LaunchOptions, 'role'> {
  say(line: string): void;
}

/** A worker that dies while it starts is tried again so often, a little later each time. */
const START_ATTEMPTS = 4;
const START_DELAY_MS = 500;

/** Starts a worker and replaces it whenever it ends. Fails when the first one does not come up. */
export async function keepWorker(options: KeepWorker): Promise<WorkerKeeper> {
  const keeper = new Keeper(options);
  await keeper.startFirst();
  return keeper;
}

class Keeper implements WorkerKeeper {
  readonly failed: Promise<never>;
  readonly #options: KeepWorker;
  readonly #fail: (error: unknown) => void;
  #worker: ChildProgram | null = null;
  #keeping: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(options: KeepWorker) {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => {});
    this.failed = promise;
    this.#fail = reject;
    this.#options = options;
  }

  pid(): number {
    return this.#worker?.pid ?? 0;
  }

  async startFirst(): Promise<void> {
    try {
      const worker = await this.#launch();
      await worker.ready;
      this.#keeping = this.#keep(worker).catch(this.#fail);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#worker?.stop();
    await this.#keeping;
  }

  kill(): void {
    this.#worker?.kill();
  }

  async #launch(): Promise<ChildProgram> {
    const worker = await launch({ ...this.#options, role: 'worker' });
    this.#worker = worker;
    // The stop may have come while it was launched, and found the one before.
    if (this.#stopping.signal.aborted) await worker.stop();
    return worker;
  }

  async #keep(first: ChildProgram): Promise<void> {
    let worker = first;
    for (;;) {
      const exit = await worker.exited;
      if (this.#stopping.signal.aborted) return;
      const next = await this.#replace(worker, exit);
      if (next === null) return;
      worker = next;
    }
  }

  async #replace(ended: ChildProgram, exit: Exit): Promise<ChildProgram | null> {
    const how = exit.signal === null ? `ended with code ${exit.code}` : `was ended by ${exit.signal}`;
    this.#options.say(`Worker ${ended.pid} ${how}: starting another.`);
    let last = ended;
    for (let attempt = 1; attempt <= START_ATTEMPTS && !this.#stopping.signal.aborted; attempt += 1) {
      last = await this.#launch();
      const isUp = await last.ready.then(
        () => true,
        () => false,
      );
      if (isUp) {
        this.#options.say(`Worker ${last.pid} took over.`);
        return last;
      }
      await delay(START_DELAY_MS * attempt, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
    if (this.#stopping.signal.aborted) return null;
    throw await failure('worker', last.exited, last.logFile);
  }
}
