/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { beforeAll, expect, test } from '@jest/globals';
import postgres from 'postgres';
import { type ChaosPlan, planChaos } from '../support/chaos/plan.ts';
import { type ChaosServices, runChaos } from '../support/chaos/run.ts';
import { startPostgresServer } from '../support/postgres-server.ts';
import { startProgram } from '../support/processes.ts';
import { startRedis } from '../support/redis.ts';

let services: ChaosServices;
beforeAll(async () => {
  const [server, redis] = await Promise.all([startPostgresServer(), startRedis()]);
  let databases = 0;
  services = {
    redisUrl: redis.url,
    restartRedis: redis.restart,
    restartPostgres: server.restart,
    startProgram,
    createDatabase: async () => {
      databases += 1;
      const url = new URL(server.url);
      const template = url.pathname.slice(1);
      url.pathname = '/postgres';
      const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
      await sql`create database ${sql(`chaos_${databases}`)} template ${sql(template)}`;
      await sql.end();
      url.pathname = `/chaos_${databases}`;
      return url.href;
    },
  };
}, 240_000);

/** The long form runs many seeds (script/bench chaos); these two have something of everything, in little time. */
const PLANS: [string, Partial<ChaosPlan>][] = [
  [
    'redis',
    {
      crashes: [
        { signal: 'SIGKILL', at: { count: 14 } },
        { signal: 'SIGSTOP', at: { point: 'afterFetch', seq: 5 } },
      ],
      clocks: [
        [
          { count: 3, byMs: 3_600_000 },
          { count: 9, byMs: -3_600_000 },
        ],
        [{ count: 0, byMs: -20_000 }],
      ],
      disturbances: [
        { kind: 'throttle-storm', seq: 3, calls: 2 },
        { kind: 'restart-redis', seq: 7 },
        { kind: 'cut-sessions', seq: 9 },
      ],
      workers: 2,
    },
  ],
  [
    'postgres',
    {
      crashes: [{ signal: 'SIGKILL', at: { count: 20 } }],
      clocks: [[{ count: 3, byMs: 3_600_000 }]],
      disturbances: [
        { kind: 'cut-sessions', seq: 3 },
        { kind: 'restart-postgres', seq: 6, mode: 'immediate' },
      ],
      workers: 1,
    },
  ],
];

test.each(PLANS)(
  'E4 E8 E18 E20 kills, stops, restarts, wrong clocks and a bad source at once end as the ledger says (%s)',
  async (backend, given) => {
    const plan = { ...planChaos(7), ...given, seed: 7, backend: backend as ChaosPlan['backend'] };
    const page = { conversations: 24, messages: 260, longThreads: 0, odd: true };
    const verdict = await runChaos({ ...plan, page, maxRows: null, latencyMs: 5 }, services);
    expect(verdict.problems).toEqual([]);
  },
  600_000,
);
