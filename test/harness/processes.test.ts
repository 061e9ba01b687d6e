import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { startProgram } from '../support/processes.ts';
import { createTempDirectory } from '../support/temp-directory.ts';

async function program(source: string): Promise<string> {
  const file = path.join(await createTempDirectory(), 'program.ts');
  await writeFile(file, source);
  return file;
}

const WAITS = `
  process.on('SIGTERM', () => { console.log('bye'); process.exit(3); });
  setInterval(() => undefined, 1000);
  console.log('ready: ' + String(process.env['WORD'] satisfies string | undefined) + ' ' + process.argv[2]);
`;

test('a program is waited for, signalled, and its end reported', async () => {
  const running = await startProgram(await program(WAITS), { args: ['argument'], env: { WORD: 'word' } });
  expect(await running.waitForLine(/^ready/)).toBe('ready: word argument');
  running.signal('SIGTERM');
  expect(await running.waitForExit()).toEqual({ code: 3, signal: null });
  expect(running.lines).toContain('bye');
});

test('waiting for a line fails when the program ends without it, and shows what it printed', async () => {
  const running = await startProgram(await program("console.error('no good'); process.exitCode = 1;"));
  await expect(running.waitForLine(/never/)).rejects.toThrow(/never.*code 1.*no good/s);
});

test('waiting for a line fails at the deadline', async () => {
  const running = await startProgram(await program(WAITS));
  await expect(running.waitForLine(/never/, { timeoutMs: 50 })).rejects.toThrow('in 50 ms');
  expect(await running.kill()).toEqual({ code: null, signal: 'SIGKILL' });
});

test('the environment of the developer does not leak in', async () => {
  const running = await startProgram(await program('console.log(Object.keys(process.env).join())'));
  await running.waitForExit();
  expect(running.lines.join()).not.toMatch(/NODE_OPTIONS|JEST|DATABASE_URL/);
});
