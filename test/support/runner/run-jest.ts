import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What a run of jest came to. */
export interface JestCounts {
  passed: number;
  failed: number;
  skipped: number;
  /** What went wrong besides tests: counted as one failure each. */
  problems: string[];
}

/** Bounds of a run, in milliseconds. */
export interface JestBounds {
  /** For the whole run. */
  total: number;
  /** For ending after the last test. */
  exit: number;
}

const BOUNDS: JestBounds = { total: 45 * 60_000, exit: 180_000 };
const POLL_MS = 200;
/** Here programs keep what they compiled: most of a start from source is the same work as in the start before. */
const COMPILE_CACHE = path.resolve('node_modules/.cache/programs');

/**
 * Runs jest with its output on ours. Jest waits for ever for a connection or a timer that a test left open; here
 * that ends after a while and is a failure with its name, not a pass by force.
 */
export async function runJest(args: readonly string[], bounds: JestBounds = BOUNDS): Promise<JestCounts> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidemark-summary-'));
  const summary = path.join(directory, 'summary.json');
  const child = spawn(process.execPath, ['node_modules/jest/bin/jest.js', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // A group of its own, so that a worker that is stuck can be ended with it.
    detached: true,
    env: {
      ...process.env,
      NODE_ENV: 'test',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      TIDEMARK_TEST_SUMMARY: summary,
    },
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  try {
    const problem = await superviseExit(child, summary, bounds);
    return await collect(summary, child.exitCode, problem);
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward);
    endGroup(child);
    await rm(directory, { recursive: true, force: true });
  }
}

/** Waits for jest to end and ends it when it takes too long; returns what was wrong. */
async function superviseExit(
  child: ChildProcess,
  summary: string,
  bounds: JestBounds,
): Promise<string | undefined> {
  let problem: string | undefined;
  const end = (reason: string) => {
    problem ??= reason;
    endGroup(child);
  };
  const total = setTimeout(
    () => end(`jest did not end within ${Math.round(bounds.total / 60_000)} minutes`),
    bounds.total,
  );
  let afterLastTest: NodeJS.Timeout | undefined;
  const watch = setInterval(() => {
    if (afterLastTest !== undefined || !existsSync(summary)) return;
    const leftOpen =
      'jest did not end after its last test: something was left open. Look for it with --detectOpenHandles';
    afterLastTest = setTimeout(() => end(leftOpen), bounds.exit);
  }, POLL_MS);
  await once(child, 'exit');
  clearTimeout(total);
  clearTimeout(afterLastTest);
  clearInterval(watch);
  return problem ?? (child.signalCode === null ? undefined : `jest was ended by ${child.signalCode}`);
}

/** Ends what jest left running: a worker blocked in a synchronous call does not notice that jest is gone. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The usual case: nothing is left of the group.
  }
}

async function collect(
  summary: string,
  code: number | null,
  problem: string | undefined,
): Promise<JestCounts> {
  const counts = (await readSummary(summary)) ?? { passed: 0, failed: 0, skipped: 0 };
  const problems = problem === undefined ? [] : [problem];
  if (problem === undefined && code !== 0 && counts.failed === 0) {
    problems.push(`jest ended with code ${code} although no test failed`);
  }
  return { ...counts, problems };
}

type Summary = Omit<JestCounts, 'problems'>;

async function readSummary(file: string): Promise<Summary | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
