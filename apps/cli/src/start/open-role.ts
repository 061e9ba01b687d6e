import { createLogger, startApi } from '@tidemark/api';
import type { Environment } from '@tidemark/core/config';
import { type PreparedDatabase, prepareDatabase } from '@tidemark/db';
import { startWorker } from '@tidemark/worker';
import pino, { type Logger } from 'pino';

export const ROLES = ['api', 'worker', 'all'] as const;
export type Role = (typeof ROLES)[number];

/** Parts of the program that run in this process. */
export interface OpenRole {
  /** Where the API listens; null for a worker alone. */
  url: string | null;
  /** The first key, when this start made it. */
  generatedAdminKey: string | null;
  /** Stops what was opened, the database last. */
  stop(): Promise<void>;
}

/** The logs of the parts, told apart by their name: JSON lines on standard output. */
export interface RoleLoggers {
  api: Logger;
  worker: Logger;
}

export function createLoggers(level: Environment['LOG_LEVEL']): RoleLoggers {
  return { api: createLogger(level), worker: pino({ name: 'worker', level }) };
}

interface Part {
  stop(): Promise<void>;
}

/** Opens the database, then what the role asks for. What was opened is closed again when a later step fails. */
export async function openRole(
  role: Role,
  options: { environment: Environment; cwd: string; loggers: RoleLoggers },
): Promise<OpenRole> {
  const { environment, cwd, loggers } = options;
  const database = await prepareDatabase({ environment, cwd, logger: loggerOf(role, loggers) });
  const parts: Part[] = [];
  const stop = () => closeAll(parts, database);
  try {
    const given = { environment, databaseUrl: database.url, keyring: database.keyring };
    if (role !== 'api') parts.push(await startWorker({ ...given, logger: loggers.worker }));
    if (role === 'worker') return { url: null, generatedAdminKey: null, stop };
    const api = await startApi({ ...given, logger: loggers.api });
    parts.push(api);
    return { url: api.url, generatedAdminKey: api.generatedAdminKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function loggerOf(role: Role, loggers: RoleLoggers): Logger {
  return role === 'worker' ? loggers.worker : loggers.api;
}

async function closeAll(parts: readonly Part[], database: PreparedDatabase): Promise<void> {
  // All of them are given the chance, whatever one of them says; the first complaint is passed on.
  const outcomes = await Promise.allSettled(parts.map((part) => part.stop()));
  await database.stop();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
