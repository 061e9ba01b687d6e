import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SourceAnswer } from '@tidemark/core/connector';
import { SourceError } from '@tidemark/core/failure';
import { httpTransport, type TransportOptions } from '../../src/source/transport.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
}

function open(values: Partial<TransportOptions> = {}) {
  const seen = { calls: 0, answers: [] as SourceAnswer[], took: [] as number[] };
  const io = httpTransport({
    timeoutMs: 5_000,
    bodyBytesMax: 1_000,
    signal: new AbortController().signal,
    now: () => 42,
    onCall: () => {
      seen.calls += 1;
    },
    onAnswer: (answer) => {
      seen.answers.push(answer);
    },
    onTook: (ms) => {
      seen.took.push(ms);
    },
    ...values,
  });
  return { io, seen };
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof SourceError ? error.failure : error;
}

describe('the transport', () => {
  test('brings status, headers in lower case, body, and the time the source says it is', async () => {
    const url = await serve((_, response) => {
      response.writeHead(418, { 'X-App-Usage': '{}', Date: 'Tue, 12 Jul 2022 19:11:07 GMT' }).end('täglich');
    });
    const { io, seen } = open();
    const answer = await io.fetch({ url });
    expect(answer).toMatchObject({
      status: 418,
      body: 'täglich',
      answeredAtMs: Date.UTC(2022, 6, 12, 19, 11, 7),
    });
    expect(answer.headers['x-app-usage']).toBe('{}');
    expect(seen).toMatchObject({ calls: 1, answers: [{ status: 418 }] });
  });

  test('a source that does not tell its time is dated by our clock', async () => {
    const url = await serve((_, response) => {
      response.sendDate = false;
      response.end();
    });
    expect((await open().io.fetch({ url })).answeredAtMs).toBe(42);
  });

  test('a source that hangs is given up as transient, and the call is counted', async () => {
    const url = await serve(() => {});
    const { io, seen } = open({ timeoutMs: 50 });
    expect(await failureOf(io.fetch({ url }))).toMatchObject({
      kind: 'transient',
      code: 'source_unavailable',
    });
    expect(seen).toEqual({ calls: 1, answers: [], took: [50] });
  });

  test('so is a body that stalls, a reset, and a port where nobody listens; no message holds path or query', async () => {
    const stalling = await serve((_, response) => {
      response.writeHead(200).write('half');
    });
    const resetting = await serve((request) => request.socket.destroy());
    const closed = await serve(() => {});
    await new Promise((resolve) => servers.at(-1)?.close(resolve));
    for (const base of [stalling, resetting, closed]) {
      const failure = await failureOf(
        open({ timeoutMs: 100 }).io.fetch({ url: `${base}/path?token=SECRET` }),
      );
      expect(failure).toMatchObject({ kind: 'transient' });
      expect(JSON.stringify(failure)).not.toMatch(/SECRET|path/);
    }
  });

  test('a body without end is cut off as too much data', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const more = () => {
        if (!response.destroyed && response.write('x'.repeat(64_000))) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    expect(await failureOf(open().io.fetch({ url }))).toMatchObject({ kind: 'tooMuchData' });
  });

  test('a redirect is refused: it could carry the credentials elsewhere', async () => {
    let followed = false;
    const elsewhere = await serve((_, response) => {
      followed = true;
      response.end();
    });
    const url = await serve((_, response) => {
      response.writeHead(302, { location: elsewhere }).end();
    });
    expect(await failureOf(open().io.fetch({ url, headers: { authorization: 'Bearer x' } }))).toMatchObject({
      kind: 'transient',
    });
    expect(followed).toBe(false);
  });

  test('an abort ends the call at once, with the reason of the signal', async () => {
    const aborter = new AbortController();
    const reason = new Error('cancelled');
    const url = await serve(() => aborter.abort(reason));
    expect(await failureOf(open({ signal: aborter.signal }).io.fetch({ url }))).toBe(reason);
    const { io, seen } = open({ signal: aborter.signal });
    expect(await failureOf(io.fetch({ url }))).toBe(reason);
    expect(seen.calls).toBe(0);
  });

  test('E19: tells how long a call took that was served or waited for in vain, not one that was refused', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/refused') response.writeHead(429).end();
      else if (request.url !== '/never') setTimeout(() => response.end('late'), 200);
    });
    const { io, seen } = open();
    await io.fetch({ url });
    await io.fetch({ url: `${url}/refused` });
    expect(seen.took).toHaveLength(1);
    // Timers of Node may fire a millisecond early.
    expect(seen.took[0]).toBeGreaterThanOrEqual(199);
    const hasty = open({ timeoutMs: 150 });
    await failureOf(hasty.io.fetch({ url: `${url}/never` }));
    await failureOf(hasty.io.fetch({ url: 'http://127.0.0.1:1' }));
    expect(hasty.seen.took).toEqual([150]);
  });
});
