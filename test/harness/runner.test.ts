import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { isPortFree } from '../../packages/db/src/embedded/free-port.ts';
import { eventually } from '../support/eventually.ts';
import { findFreePort } from '../support/free-port.ts';
import { startProgram } from '../support/processes.ts';
import type { JestCounts } from '../support/runner/run-jest.ts';
import { createTempDirectory } from '../support/temp-directory.ts';

const REPORTER = fileURLToPath(new URL('../support/summary-reporter.mjs', import.meta.url));
const PATIENT = { total: 100_000, exit: 60_000 };

async function run(files: Record<string, string>, bounds = PATIENT): Promise<JestCounts> {
  const rootDir = await createTempDirectory('project');
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(rootDir, name), content);
  const config = { rootDir, testMatch: ['**/*.test.mjs'], transform: {}, reporters: [REPORTER] };
  const jestArguments = JSON.stringify(['--config', JSON.stringify(config), '--maxWorkers=2']);
  const program = await startProgram('test/harness/run-jest-once.ts', {
    args: [jestArguments, JSON.stringify(bounds)],
  });
  return JSON.parse(await program.waitForLine(/^\{"passed/));
}

test('tests are counted, and a file that cannot run is one failure', async () => {
  const counts = await run({
    'mixed.test.mjs':
      "test('a', () => {}); test('b', () => { throw new Error('no'); }); test('c', () => {});",
    'broken.test.mjs': "import './missing.mjs'; test('never counted', () => {});",
  });
  expect(counts).toEqual({ passed: 2, failed: 2, skipped: 0, problems: [] });
});

test('a run in which nothing ran is a failure', async () => {
  const counts = await run({});
  expect(counts).toMatchObject({ passed: 0, failed: 0, problems: [expect.stringContaining('code 1')] });
});

test('something left open is a failure, and does not hang', async () => {
  const open = "test('a', () => { setInterval(() => {}, 1000); });";
  const counts = await run({ 'open.test.mjs': open }, { ...PATIENT, exit: 1_000 });
  expect(counts).toMatchObject({ passed: 1, failed: 0, problems: [expect.stringContaining('left open')] });
});

test('a test that never ends is ended, with what it waits for', async () => {
  const port = await findFreePort();
  const server = `require('node:net').createServer().listen(${port}, '127.0.0.1')`;
  const endless = `import { spawnSync } from 'node:child_process';
    test('a', () => { spawnSync(process.execPath, ['-e', ${JSON.stringify(server)}]); });`;
  const bounds = { ...PATIENT, total: 3_000 };
  const counts = await run({ 'endless.test.mjs': endless, 'other.test.mjs': endless }, bounds);
  expect(counts.problems).toEqual([expect.stringContaining('did not end within')]);
  await eventually(async () => expect(await isPortFree(port)).toBe(true));
});
