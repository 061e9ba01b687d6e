/** A worker process that takes a job, says so, and never finishes it. Killed by the test. */
import { openWorker } from '../src/index.ts';

const silent = () => undefined;
const [redisUrl = '', databaseUrl = '', prefix = ''] = process.argv.slice(2);
const worker = openWorker({
  redisUrl,
  databaseUrl,
  prefix,
  queue: 'sync',
  concurrency: 1,
  logger: { info: silent, warn: silent, error: silent },
  handlers: {
    'sync-page': async (payload) => {
      process.stdout.write(`took ${payload.seq}\n`);
      return Promise.withResolvers<never>().promise;
    },
  },
});
await worker.start();
