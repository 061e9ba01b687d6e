import { buildProgram } from './program.ts';
import { processTerminal } from './output/terminal.ts';
import { runProgram } from './run-program.ts';

/** What was left open is nothing to wait for once the result is known. */
const LINGER_MS = 2_000;

const terminal = processTerminal();
const code = await runProgram(process.argv.slice(2), terminal, buildProgram);
process.exitCode = code;
setTimeout(() => process.exit(code), LINGER_MS).unref();
