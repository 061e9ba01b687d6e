import { access } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { startProgram } from '../support/processes.ts';

async function isListening(url: string): Promise<boolean> {
  const port = Number(new URL(url).port);
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

test.each(['SIGKILL', 'SIGINT'] as const)(
  'a run that %s ends leaves no server and no file behind',
  async (signal) => {
    const run = await startProgram('test/harness/run-with-services.ts');
    const { postgres, redis, runDirectory } = JSON.parse(await run.waitForLine(/^\{/));
    expect(await isListening(postgres)).toBe(true);
    expect(await isListening(redis)).toBe(true);
    run.signal(signal);
    await run.waitForExit();
    await eventually(async () => {
      expect(await isListening(postgres)).toBe(false);
      expect(await isListening(redis)).toBe(false);
      await expect(access(runDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
    });
  },
);
