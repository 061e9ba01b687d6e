import type { AnyConnector } from '@tidemark/core/connector';
import { openDatabase } from '@tidemark/db';
import pino from 'pino';
import { buildApp } from './app.ts';
import type { QueueProducer } from './dependencies.ts';

/** A queue for an app that is only looked at. */
const NO_QUEUE: QueueProducer = {
  backend: 'postgres',
  add: () => Promise.reject(new Error('There is no queue.')),
  addMany: () => Promise.reject(new Error('There is no queue.')),
  upsertScheduler: () => Promise.reject(new Error('There is no queue.')),
  removeScheduler: () => Promise.reject(new Error('There is no queue.')),
  status: () => Promise.resolve([]),
  ping: () => Promise.resolve(),
  boardQueues: () => [],
};

/** The OpenAPI document of the API, made without any service. */
export async function describeApi(): Promise<Record<string, unknown>> {
  const db = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, applicationName: 'describe' });
  const connectors = new Map<string, AnyConnector>();
  const logger = pino({ level: 'silent' });
  const app = buildApp({ db, queues: NO_QUEUE, connectors, keyring: { keys: [] }, logger });
  try {
    await app.ready();
    return { ...app.swagger() };
  } finally {
    await app.close();
    await db.close();
  }
}
