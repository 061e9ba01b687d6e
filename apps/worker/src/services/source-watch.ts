import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import type { SourceWatch } from '@tidemark/core/connector';
import { listWatchable, startSync, type WatchableConnection } from '@tidemark/db';
import type { WorkerDependencies } from '../dependencies.ts';
import { handOverPage } from '../jobs/hand-over-page.ts';
import { type PeriodicOptions, periodicService, type Service } from './periodic-service.ts';

/** A connection that wants to be watched, or no longer does, is noticed within this. */
const EVERY_MS = 1_000;
/** A writer writes many lines in a row; they are read together. */
const SETTLE_MS = 250;
/** A change that comes while a sync runs is for the next one, which is asked for again this often. */
const BUSY_MS = 250;

type Deps = Pick<WorkerDependencies, 'db' | 'queues' | 'connectors'>;

interface Watched {
  config: unknown;
  stop(): Promise<void>;
}

/** Watches the sources of connections that want it, and starts a sync when one changed. */
export function sourceWatch(deps: Deps, onError: PeriodicOptions['onError']): Service {
  const watched = new Map<string, Watched>();
  const round = async (): Promise<void> => {
    const names = [...deps.connectors.values()]
      .filter(({ watch }) => watch !== undefined)
      .map(({ id }) => id);
    const wanted = (await listWatchable(deps.db, names)).flatMap((one) => watchOf(deps, one) ?? []);
    for (const [id, { config, stop }] of watched) {
      const still = wanted.find(({ connection }) => connection.id === id);
      if (still !== undefined && isDeepStrictEqual(still.connection.config, config)) continue;
      watched.delete(id);
      await stop();
    }
    for (const { connection, watch, config } of wanted) {
      if (watched.has(connection.id)) continue;
      const stop = begin(deps, connection, { watch, config }, (error) => {
        watched.delete(connection.id);
        onError('source-watch', error);
      });
      watched.set(connection.id, { config: connection.config, stop });
    }
  };
  const service = periodicService({ name: 'source-watch', everyMs: EVERY_MS, round, onError });
  const stop = async (): Promise<void> => {
    await service.stop();
    await Promise.all([...watched.values()].map((one) => one.stop()));
    watched.clear();
  };
  return { ...service, stop };
}

interface Wanted {
  connection: WatchableConnection;
  watch: SourceWatch<unknown>;
  config: unknown;
}

function watchOf({ connectors }: Deps, connection: WatchableConnection): Wanted | null {
  const connector = connectors.get(connection.connector);
  const config = connector?.config.safeParse(connection.config);
  if (connector?.watch === undefined || config?.success !== true) return null;
  return connector.watch.wanted(config.data)
    ? { connection, watch: connector.watch, config: config.data }
    : null;
}

/** Returns how to end it. `onFailed` is called when it ends by itself. */
function begin(
  deps: Deps,
  connection: WatchableConnection,
  { watch, config }: Pick<Wanted, 'watch' | 'config'>,
  onFailed: (error: unknown) => void,
): Watched['stop'] {
  const ended = new AbortController();
  const { signal } = ended;
  let news = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => news.resolve());
  const onChange = () => news.resolve();
  const syncing = (async () => {
    for (;;) {
      await news.promise;
      if (signal.aborted) return;
      await delay(SETTLE_MS, undefined, { signal });
      news = Promise.withResolvers<void>();
      while (!(await start(deps, connection))) await delay(BUSY_MS, undefined, { signal });
    }
  })();
  // What happened before it was watched is news as well.
  onChange();
  const running = Promise.all([watch.run({ config, signal, onChange }), syncing]).catch((error: unknown) => {
    if (signal.aborted) return;
    ended.abort();
    onFailed(error);
  });
  return async () => {
    ended.abort();
    await running;
  };
}

/** False: a sync runs already, which may have passed what changed. */
async function start(deps: Deps, { id, connector }: WatchableConnection): Promise<boolean> {
  const streams = deps.connectors.get(connector)?.streams.map(({ name }) => name) ?? [];
  const outcome = await startSync(deps.db, {
    connectionId: id,
    mode: 'incremental',
    trigger: 'watch',
    priority: 'normal',
    streams,
    cause: 'the source changed',
  });
  if (outcome.kind !== 'started') return outcome.kind === 'unusable';
  await handOverPage(deps, outcome.syncId, outcome.job);
  return true;
}
