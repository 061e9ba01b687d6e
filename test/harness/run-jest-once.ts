/** Runs jest as `script/test` does: `run-jest-once.ts ARGUMENTS BOUNDS`, both JSON. Prints what came of it. */
import { runJest } from '../support/runner/run-jest.ts';

const [args, bounds] = process.argv.slice(2).map((json) => JSON.parse(json));
process.stdout.write(`\n${JSON.stringify(await runJest(args, bounds))}\n`);
