import type { Program, ProgramOptions } from '../processes.ts';
import { CRASH_PLAN, type CrashPlan } from './crash-plan.ts';
import { type EngineAddresses, engineVariables } from './settings.ts';
import { CLOCK_STEPS, type ClockStep } from './stepped-clock.ts';

/** The event under which a worker process prints its usage. */
export const USAGE_EVENT = 'worker.usage';
/** What a worker process prints when it is hit as planned. */
export const STRUCK_EVENT = 'worker.struck';
/** What a worker process prints when its clock jumps as planned. */
export const CLOCK_EVENT = 'worker.clockStepped';
/** What a worker process prints once it takes jobs. */
export const READY_EVENT = 'worker.ready';

const PROGRAM = 'test/support/engine/crashing-worker.ts';

/** How programs are started: tests and benchmarks each have their own way. */
export type StartProgram = (file: string, options: ProgramOptions) => Promise<Program>;

/** Starts a worker process and returns once it takes jobs, or was hit by its plan before it could say so. */
export async function startWorkerProcess(
  startProgram: StartProgram,
  addresses: EngineAddresses,
  options: {
    plan?: CrashPlan | undefined;
    clock?: readonly ClockStep[] | undefined;
    variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<Program> {
  const clock = options.clock === undefined ? {} : { [CLOCK_STEPS]: JSON.stringify(options.clock) };
  const plan = options.plan === undefined ? {} : { [CRASH_PLAN]: JSON.stringify(options.plan) };
  const program = await startProgram(PROGRAM, {
    env: { ...engineVariables(addresses, options.variables), ...plan, ...clock },
  });
  await program.waitForLine((line) => line.includes(READY_EVENT) || line.includes(STRUCK_EVENT));
  return program;
}

/** The events of one name that a worker process logged so far. */
export function loggedEvents(program: Program, name: string): Record<string, unknown>[] {
  return program.lines.flatMap((line) => {
    if (!line.includes(`"${name}"`)) return [];
    const fields: Record<string, unknown> = JSON.parse(line);
    return fields.event === name ? [fields] : [];
  });
}

/** What the process was hit by, and at which page; undefined when it was not hit (yet). */
export function struck(program: Program): { plan: CrashPlan; at: number } | undefined {
  const line = program.lines.find((printed) => printed.includes(STRUCK_EVENT));
  return line === undefined ? undefined : JSON.parse(line);
}
