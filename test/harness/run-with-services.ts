/** Stands in for jest: opens the services of a test run, uses them, and waits to be killed. */
import { ask } from '../support/services/ask.ts';
import { openLifeline } from '../support/services/lifeline.ts';
import { RUN_DIRECTORY } from '../support/services/protocol.ts';

await openLifeline();
const { adminUrl } = await ask('/postgres', {});
const { url } = await ask('/redis', {});
const runDirectory = process.env[RUN_DIRECTORY];
process.stdout.write(`${JSON.stringify({ postgres: adminUrl, redis: url, runDirectory })}\n`);
setInterval(() => undefined, 60_000);
