/**
 * A worker process for chaos tests and benchmarks: started as in production, but it kills or stops itself where
 * CRASH_PLAN says, and its clock jumps where CLOCK_STEPS says. Says when it is ready; on SIGUSR2 it prints what it used of the machine.
 */
import { writeSync } from 'node:fs';
import { createLogger } from '@tidemark/api';
import { startWorker } from '@tidemark/worker';
import { type CrashHook, noCrash } from '@tidemark/core/crash';
import { CRASH_PLAN, type CrashPlan, crashHookOf } from './crash-plan.ts';
import { engineEnvironment, engineKeyring } from './settings.ts';
import { CLOCK_STEPS, type ClockStep, installSteppedClock, steppingHook } from './stepped-clock.ts';
import { CLOCK_EVENT, READY_EVENT, STRUCK_EVENT, USAGE_EVENT } from './worker-process.ts';

const environment = engineEnvironment(process.env);
const logger = createLogger(environment.LOG_LEVEL);
const planned = process.env[CRASH_PLAN];
const plan: CrashPlan | undefined = planned === undefined ? undefined : JSON.parse(planned);

const steps: ClockStep[] = JSON.parse(process.env[CLOCK_STEPS] ?? '[]');

/** Both signals take effect before `kill` returns. */
function strike(signal: CrashPlan['signal'], at: number): void {
  writeSync(1, `${JSON.stringify({ event: STRUCK_EVENT, plan, at })}\n`);
  process.kill(process.pid, signal);
}

process.on('SIGUSR2', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  global.gc?.();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  const usage = { event: USAGE_EVENT, cpuMs, rssMaxKb: maxRSS, rssKb: process.memoryUsage.rss() / 1024 };
  process.stdout.write(`${JSON.stringify(usage)}\n`);
});

function crashHook(): CrashHook {
  const crash = plan === undefined ? noCrash : crashHookOf(plan, (seq) => strike(plan.signal, seq));
  if (steps.length === 0) return crash;
  const step = installSteppedClock();
  const tell = (byMs: number): void => {
    step(byMs);
    process.stdout.write(`${JSON.stringify({ event: CLOCK_EVENT, byMs })}\n`);
  };
  return steppingHook(steps, tell, crash);
}

const { DATABASE_URL: databaseUrl } = environment;
if (databaseUrl === undefined) throw new Error('DATABASE_URL is missing');
const worker = await startWorker({
  environment,
  databaseUrl,
  keyring: engineKeyring(),
  logger,
  crash: crashHook(),
});

process.stdout.write(`${JSON.stringify({ event: READY_EVENT })}\n`);

const stop = (): void => {
  worker.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
};
process.once('SIGTERM', stop);
