import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { type Api, connectApi } from '../remote/api.ts';
import { explainFailure } from '../start/explain-failure.ts';
import { keptAdminKey } from '../start/kept-admin-key.ts';
import { createLoggers, type OpenRole, openRole } from '../start/open-role.ts';
import { readEnvironment } from '../start/read-environment.ts';

/** An API with a worker behind it, in this process, for as long as a command takes. */
export interface LocalApi {
  api: Api;
  close(): Promise<void>;
}

/**
 * Starts everything in this process, on the embedded database unless DATABASE_URL is set, on a port nobody knows. A worker
 * that runs on that database already does the work instead. Throws CommandError with a line for each problem.
 */
export async function openLocal(
  { variables, cwd }: Pick<Context, 'variables' | 'cwd'>,
  extra: Readonly<Record<string, string>> = {},
): Promise<LocalApi> {
  const given = { LOG_LEVEL: 'silent', ...withoutEmpty(variables), ...extra, HOST: '127.0.0.1', PORT: '0' };
  const folder = path.resolve(cwd, given.TIDEMARK_DATA_DIR ?? './.tidemark', 'local');
  await mkdir(folder, { recursive: true });
  const key = given.TIDEMARK_ADMIN_KEY ?? (await keptAdminKey(folder));
  const parsed = readEnvironment({ ...given, TIDEMARK_ADMIN_KEY: key });
  if (!parsed.ok) {
    const [first = '', ...more] = parsed.problems;
    throw new CommandError('environment_invalid', first, { more });
  }
  const { environment } = parsed;
  const options = { environment, cwd, loggers: createLoggers(environment.LOG_LEVEL) };
  const open = await openRole('all', options)
    .catch((error: unknown) => {
      if (isSecondWorker(error)) return openRole('api', options);
      throw error;
    })
    .catch((error: unknown) => {
      throw new CommandError('local_start_failed', explainFailure(error, environment), { cause: error });
    });
  return { api: connectApi({ url: urlOf(open), key }), close: () => open.stop() };
}

type Given = Record<string, string> & { TIDEMARK_DATA_DIR?: string; TIDEMARK_ADMIN_KEY?: string };

function withoutEmpty(variables: Context['variables']): Given {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

function isSecondWorker(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'second_worker_without_redis';
}

function urlOf({ url }: OpenRole): string {
  if (url === null) throw new CommandError('no_url', 'The API does not say where it listens.');
  return url;
}
