import { parseEnvironment } from '@tidemark/core/config';
import { prepareDatabase } from '@tidemark/db';
import { createLogger } from './logging.ts';
import { startApi } from './start.ts';

const LINGER_MS = 2_000;

/** The API as a process: environment in, JSON lines on stdout, graceful stop on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const parsed = parseEnvironment(process.env);
  if (!parsed.ok) {
    for (const problem of parsed.problems) process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
    return;
  }
  const { environment } = parsed;
  const logger = createLogger(environment.LOG_LEVEL);
  const prepared = await prepareDatabase({ environment, cwd: process.cwd(), logger });
  try {
    const api = await startApi({ environment, databaseUrl: prepared.url, keyring: prepared.keyring, logger });
    if (api.generatedAdminKey !== null) {
      process.stderr.write(`Admin API key, shown this once: ${api.generatedAdminKey}\n`);
    }
    const signal = await stopSignal();
    logger.info({ signal }, 'stopping');
    await api.stop();
  } finally {
    await prepared.stop();
  }
  logger.info('stopped');
  // A session that PostgreSQL was opening as we closed is nothing to wait for.
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** A second signal is not caught: it ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
}

try {
  await main();
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The API could not be started: ${reason}\n`);
  process.exitCode = 1;
}
