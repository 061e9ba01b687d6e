import { createServer } from 'node:net';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { createTempDirectory } from '../../../test/support/temp-directory.ts';
import { startDemo } from './demo-process.ts';

/** A demo takes seconds; how many depends on the machine. */
const MINUTES_MS = 300_000;

/** Some seconds of a sync: enough to do something to it meanwhile. */
const SOME_SECONDS = ['--conversations=38', '--messages=9000'];

// One after the other in one directory, as a person would: making a database is most of the time a small demo takes.
describe('the demo', () => {
  let dataDir = '';

  test('syncs everything on a fresh directory, says so, and ends with 0 when it is to run once', async () => {
    dataDir = await createTempDirectory('demo');
    const demo = await startDemo(dataDir, '--once', '--conversations=30', '--messages=700');
    const family = demo.family();
    expect(await demo.program.waitForExit({ timeoutMs: MINUTES_MS })).toEqual({ code: 0, signal: null });
    const output = demo.program.lines.join('\n');
    expect(output).toMatch(/^ {2}conversations +30 +30$/m);
    expect(output).toMatch(/^ {2}messages +700 +700$/m);
    expect(output).toContain('PASS  Every conversation and message of the source is stored');
    expect(output).not.toContain('\u001b');
    await (await family).expectGone();
  });

  test('run again reads only what is new, stays up with addresses that work, and ends with 0 on SIGINT', async () => {
    const demo = await startDemo(dataDir, '--conversations=30', '--messages=700');
    await demo.program.waitForLine(/Ctrl-C stops everything/, { timeoutMs: MINUTES_MS });
    const output = demo.program.lines.join('\n');
    expect(output).toContain('The Page was synced by an earlier run');
    expect(output).toContain('PASS');
    const value = (name: string) =>
      demo.program.lines.map((line) => new RegExp(`^ {2}${name} +(\\S+)`).exec(line)?.[1]).findLast(Boolean);
    const headers = { authorization: `Bearer ${value('Admin key')}` };
    const answer = await fetch(`${value('API')}/conversations?limit=2`, { headers });
    expect(await answer.json()).toMatchObject({ data: [{}, {}] });
    expect((await fetch(`${value('Reference')}`)).status).toBe(200);
    expect((await fetch(`${value('Queues')}`, { headers })).status).toBe(200);
    expect(await readFile(`${value('Logs')}/worker.log`, 'utf8')).toContain('page.committed');
    demo.program.signal('SIGINT');
    expect(await demo.program.waitForExit()).toEqual({ code: 0, signal: null });
  });

  test('loses nothing when its worker is killed in the middle of the sync', async () => {
    const demo = await startDemo(dataDir, '--once', ...SOME_SECONDS);
    const pid = await demo.workerPid();
    await demo.isUnderWay();
    process.kill(pid, 'SIGKILL');
    await demo.program.waitForLine(new RegExp(`^Worker ${pid} was ended by SIGKILL: starting another\\.$`));
    await demo.program.waitForLine(/^Worker \d+ took over\.$/);
    expect(await demo.program.waitForExit({ timeoutMs: MINUTES_MS })).toEqual({ code: 0, signal: null });
    expect(demo.program.lines.join('\n')).toContain('PASS');
  });

  test('leaves nothing running when it is interrupted or killed, and goes on with the sync the next time', async () => {
    const figures = ['--conversations=37', '--messages=9000'];
    const demo = await startDemo(dataDir, ...figures);
    await demo.isUnderWay();
    const family = await demo.family();
    // The source, the API and the worker; PostgreSQL may have been started by any of them.
    expect(family.identities.length).toBeGreaterThanOrEqual(3);
    demo.program.signal('SIGINT');
    expect(await demo.program.waitForExit()).toEqual({ code: 130, signal: null });
    await family.expectGone();

    const killed = await startDemo(dataDir, ...figures);
    await killed.program.waitForLine(/It goes on where it was/, { timeoutMs: MINUTES_MS });
    const orphans = await killed.family();
    await killed.program.kill();
    await orphans.expectGone();

    const last = await startDemo(dataDir, '--once', ...figures);
    expect(await last.program.waitForExit({ timeoutMs: MINUTES_MS })).toEqual({ code: 0, signal: null });
    expect(last.program.lines.join('\n')).toContain('PASS');
  });

  test('shows the end of the log and ends with 1 when a program does not start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const demo = await startDemo(dataDir, '--once', `--port=${port}`);
    expect(await demo.program.waitForExit({ timeoutMs: MINUTES_MS })).toEqual({ code: 1, signal: null });
    const output = demo.program.lines.join('\n');
    expect(output).toContain('The API ended with code 1. The end of ');
    expect(output).toContain(`Port ${port} is in use.`);
    await new Promise((resolve) => taken.close(resolve));
  });

  test('says what is wrong with its figures and starts nothing', async () => {
    const demo = await startDemo(dataDir, '--conversations=5', '--messages=4');
    expect(await demo.program.waitForExit()).toEqual({ code: 1, signal: null });
    expect(demo.program.lines).toEqual([
      '4 messages are too few for 5 conversations: each has at least one.',
    ]);
  });
});
