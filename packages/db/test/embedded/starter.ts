/**
 * A process that uses an embedded PostgreSQL: `starter.ts OPTIONS_AS_JSON [leave]`. Prints one line of JSON, then
 * waits for SIGTERM and gives its share back; with `leave` it just ends.
 */
import { startEmbeddedPostgres } from '../../src/embedded/index.ts';

const options = JSON.parse(process.argv[2] ?? '');
const { url, startedHere, stop } = await startEmbeddedPostgres(options);
process.stdout.write(`${JSON.stringify({ url, startedHere })}\n`);

if (process.argv[3] !== 'leave') {
  const wait = setInterval(() => undefined, 60_000);
  process.once('SIGTERM', () => {
    clearInterval(wait);
    stop().catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exitCode = 1;
    });
  });
}
