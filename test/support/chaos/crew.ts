import { type CrashPlan, describePlan } from '../engine/crash-plan.ts';
import type { Scene } from '../engine/scene.ts';
import type { ClockStep } from '../engine/stepped-clock.ts';
import {
  CLOCK_EVENT,
  loggedEvents,
  type StartProgram,
  startWorkerProcess,
  struck,
} from '../engine/worker-process.ts';
import type { Program } from '../processes.ts';
import type { ChaosPlan } from './plan.ts';

const TIMEOUT_MS = 300_000;
/** A busy machine must not look like a dead worker. */
const SWEEP = { SWEEP_SECONDS: '3' };

/** The workers of a run: those that die are replaced, those that stand still are woken up later. */
export class Crew {
  /** What hit them, in words. */
  readonly struck: string[] = [];
  /** How their clocks jumped, in words. */
  readonly clockSteps: string[] = [];
  /** Workers that ended although nobody told them to. */
  readonly complaints: string[] = [];
  readonly #scene: Scene;
  readonly #startProgram: StartProgram;
  readonly #crashes: CrashPlan[];
  readonly #clocks: (readonly ClockStep[])[];
  readonly #alive = new Set<Program>();
  readonly #keeping: Promise<void>[] = [];
  readonly #over = new AbortController();

  constructor(
    scene: Scene,
    startProgram: StartProgram,
    { crashes, clocks }: Pick<ChaosPlan, 'crashes' | 'clocks'>,
  ) {
    this.#scene = scene;
    this.#startProgram = startProgram;
    this.#crashes = [...crashes];
    this.#clocks = [...clocks];
  }

  keepAlive(workers: number): void {
    for (let place = 0; place < workers; place += 1) this.#keeping.push(this.#keepOne());
  }

  /** Waits for the end of the sync, and wakes up who stands still once the others are some pages further. */
  async attend(syncId: string): Promise<void> {
    const until = Date.now() + TIMEOUT_MS;
    const { engine } = this.#scene;
    for (;;) {
      const ended = await engine.ended(syncId, 200).catch(() => undefined);
      const now = ended ?? (await engine.sync(syncId).catch(() => undefined));
      this.#wake(ended === undefined ? (now?.seq ?? 0) : Number.POSITIVE_INFINITY);
      if (ended?.status === 'completed') return;
      if (ended !== undefined) throw new Error(`the sync ended as ${ended.status}: ${ended.errorMessage}`);
      if (Date.now() > until) throw new Error(`the sync hangs: ${JSON.stringify(now)}`);
    }
  }

  async dismiss(): Promise<void> {
    this.#over.abort();
    await Promise.all([...this.#alive].map((program) => program.kill()));
    await Promise.all(this.#keeping);
  }

  #wake(seq: number): void {
    const stopped = [...this.#alive].flatMap((program) => {
      const hit = struck(program);
      return hit?.plan.signal === 'SIGSTOP' ? [{ program, at: hit.at }] : [];
    });
    // When all stand still nobody gets further, so one of them goes on.
    const first = stopped.length === this.#alive.size ? stopped[0] : undefined;
    for (const one of stopped) if (one === first || seq >= one.at + 3) one.program.signal('SIGCONT');
  }

  async #keepOne(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const program = await this.#launch(this.#crashes.shift(), this.#clocks.shift());
      if (program === undefined) continue;
      this.#alive.add(program);
      if (this.#over.signal.aborted) program.signal('SIGKILL');
      await program.waitForExit({ timeoutMs: 3 * TIMEOUT_MS }).catch(() => undefined);
      this.#alive.delete(program);
      const hit = struck(program);
      for (const { byMs } of loggedEvents(program, CLOCK_EVENT))
        this.clockSteps.push(`clock ${Number(byMs) / 1_000} s`);
      if (hit !== undefined) this.struck.push(`${describePlan(hit.plan)} (page ${hit.at})`);
      if (hit === undefined && !this.#over.signal.aborted) {
        this.complaints.push(`a worker ended by itself: ${program.lines.slice(-5).join(' | ')}`);
      }
    }
  }

  /** A worker that is started while PostgreSQL is down says so and ends: whoever runs it starts it again. */
  async #launch(
    plan: CrashPlan | undefined,
    clock: readonly ClockStep[] | undefined,
  ): Promise<Program | undefined> {
    try {
      return await startWorkerProcess(this.#startProgram, this.#scene.engine.addresses, {
        plan,
        clock,
        variables: SWEEP,
      });
    } catch (error) {
      if (plan !== undefined) this.#crashes.unshift(plan);
      if (clock !== undefined) this.#clocks.unshift(clock);
      const isAway = /57P0|ECONN|CONNECT|terminating/.test(String(error));
      if (!isAway) this.complaints.push(`a worker did not start: ${String(error)}`);
      return undefined;
    }
  }
}
