import { describe, expect, test } from '@jest/globals';
import { Cleanup, InterruptedError } from '../src/demo/cleanup.ts';

describe('what was opened', () => {
  test('is closed once, in reverse order', async () => {
    const closed: string[] = [];
    const cleanup = new Cleanup();
    for (const name of ['database', 'api']) {
      await cleanup.own(
        () => Promise.resolve(name),
        async (opened) => closed.push(opened),
      );
    }
    await Promise.all([cleanup.close(), cleanup.close()]);
    expect(closed).toEqual(['api', 'database']);
  });

  test('is waited for and closed when the end comes while it is opened', async () => {
    const closed: string[] = [];
    const cleanup = new Cleanup();
    const { promise, resolve } = Promise.withResolvers<string>();
    const owned = cleanup.own(
      () => promise,
      async (opened) => closed.push(opened),
    );
    const end = cleanup.close();
    resolve('late');
    await Promise.all([owned, end]);
    expect(closed).toEqual(['late']);
  });

  test('is all closed whatever one of it says; the first complaint is passed on', async () => {
    const closed: string[] = [];
    const cleanup = new Cleanup();
    await cleanup.own(
      () => Promise.resolve('database'),
      async (opened) => closed.push(opened),
    );
    await cleanup.own(
      () => Promise.resolve('api'),
      () => Promise.reject(new Error('no')),
    );
    await expect(cleanup.close()).rejects.toThrow('no');
    expect(closed).toEqual(['database']);
  });

  test('is nothing when it could not be opened, and nothing is opened after the end', async () => {
    const cleanup = new Cleanup();
    const failing = cleanup.own(
      () => Promise.reject(new Error('broken')),
      () => Promise.reject(new Error('must not be closed')),
    );
    await expect(failing).rejects.toThrow('broken');
    await cleanup.close();
    await expect(
      cleanup.own(
        () => Promise.resolve('late'),
        () => Promise.resolve(),
      ),
    ).rejects.toThrow(InterruptedError);
  });
});
