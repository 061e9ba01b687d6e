import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Environment } from '@tidemark/core/config';
import { CommandError } from '../exit-codes.ts';
import { keptAdminKey } from '../start/kept-admin-key.ts';
import { readEnvironment, settingsOf } from '../start/read-environment.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where a demo keeps its things and how its programs are set. */
export interface DemoSettings {
  environment: Environment;
  dataDir: string;
  logDir: string;
  adminKey: string;
  /** The port for the API; 0 for any. */
  port: number;
  /** Nobody asked for a port, and the usual one is in use. */
  isUsualPortTaken: boolean;
  /** The variables of the programs it starts. */
  variables: Record<string, string | undefined>;
  /** What a person should know about these settings. */
  remarks: string[];
}

/**
 * The demo has a database, an encryption key and a source of its own: a worker that reads a simulator must never
 * meet the connections of an installation that is in use.
 */
const NOT_FOR_THE_DEMO = ['DATABASE_URL', 'TIDEMARK_ENCRYPTION_KEYS', 'TIDEMARK_MIGRATE', 'META_GRAPH_URL'];

/** A page that a killed worker was at is taken up again within twice this; a person is watching. */
const SWEEP_SECONDS = '2';

/** Reads the settings and makes the data directory. Throws a CommandError with a line per problem. */
export async function readSettings(
  variables: Variables,
  { cwd, port }: { cwd: string; port: number | undefined },
): Promise<DemoSettings> {
  const given = settingsOf(variables);
  const kept = Object.fromEntries(Object.entries(given).filter(([name]) => !NOT_FOR_THE_DEMO.includes(name)));
  const parsed = readEnvironment({ SWEEP_SECONDS, ...withoutEmpty(kept) });
  if (!parsed.ok) {
    const [first = '', ...more] = parsed.problems;
    throw new CommandError('environment_invalid', first, { more });
  }
  const { environment } = parsed;
  const dataDir = path.resolve(cwd, environment.TIDEMARK_DATA_DIR, 'demo');
  const logDir = path.join(dataDir, 'log');
  await mkdir(logDir, { recursive: true });
  const adminKey = environment.TIDEMARK_ADMIN_KEY ?? (await keptAdminKey(dataDir));
  const wanted = port ?? portOf(kept);
  const isUsualPortTaken = wanted === undefined && !(await isPortFree(USUAL_PORT, environment.HOST));
  const chosen = wanted ?? (isUsualPortTaken ? 0 : USUAL_PORT);
  return {
    environment: { ...environment, TIDEMARK_DATA_DIR: dataDir },
    dataDir,
    logDir,
    adminKey,
    port: chosen,
    isUsualPortTaken,
    variables: {
      SWEEP_SECONDS,
      ...withoutEmpty(kept),
      TIDEMARK_DATA_DIR: dataDir,
      TIDEMARK_ADMIN_KEY: adminKey,
      PORT: String(chosen),
    },
    remarks: given.DATABASE_URL ? ['DATABASE_URL is left alone: the demo has a PostgreSQL of its own.'] : [],
  };
}

function withoutEmpty(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

/** Only a port that was asked for; the default of the API is no wish of anybody. */
function portOf(variables: Variables): number | undefined {
  return variables.PORT ? Number(variables.PORT) : undefined;
}

const USUAL_PORT = 3000;

async function isPortFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  server.once('error', () => resolve(false));
  server.listen(port, host, () => server.close(() => resolve(true)));
  return promise;
}
