import { createLogger } from '@tidemark/api';
import type { CrashHook } from '@tidemark/core/crash';
import { createEventBus, type EngineEventName, type EngineEvents } from '@tidemark/core/events';
import { type RunningWorker, startWorker } from '@tidemark/worker';
import { type EngineAddresses, engineEnvironment, engineKeyring, engineVariables } from './settings.ts';

/** A worker in this process, looked on. */
export interface LocalWorker extends RunningWorker {
  /** The events of a name that it reported so far. */
  seen<N extends EngineEventName>(name: N): EngineEvents[N][];
  /** What it logged, as JSON lines. */
  log: readonly string[];
}

/** Starts a worker in this process; its log is kept instead of printed. */
export async function startLocalWorker(
  addresses: EngineAddresses,
  options: { variables?: Readonly<Record<string, string>>; crash?: CrashHook } = {},
): Promise<LocalWorker> {
  const log: string[] = [];
  const kept: { name: EngineEventName; fields: unknown }[] = [];
  const events = createEventBus((error) => log.push(`an event listener failed: ${String(error)}`));
  events.subscribe((name, fields) => {
    kept.push({ name, fields });
  });
  const worker = await startWorker({
    environment: engineEnvironment(engineVariables(addresses, options.variables)),
    databaseUrl: addresses.databaseUrl,
    keyring: engineKeyring(),
    logger: createLogger('info', { write: (line) => log.push(line) }),
    events,
    ...(options.crash === undefined ? {} : { crash: options.crash }),
  });
  return {
    workerId: worker.workerId,
    stop: () => worker.stop(),
    seen: <N extends EngineEventName>(name: N) =>
      kept.filter((event) => event.name === name).map((event) => event.fields as EngineEvents[N]),
    log,
  };
}
