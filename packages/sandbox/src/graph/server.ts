import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Effects, effectsOf, NO_EFFECTS, type Transport } from '../faults/effects.ts';
import type { CallRecord } from '../ledger/calls.ts';
import { type Answer, answerRequest } from './answer.ts';
import { bodyParams, readBody } from './body.ts';
import { mutate } from './mutations.ts';
import { type GraphRequest, publicPath, readRequest, wantedRows } from './request.ts';
import type { Simulation } from './simulation.ts';
import { send } from './transport.ts';

/** Answers a request below `/_sim/`. */
export type ControlHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const LATEST_VERSION = 'v26.0';

/** An HTTP server that answers as the Graph API would, and hands `/_sim/` to the control surface. */
export function createGraphServer(sim: Simulation, control: ControlHandler): Server {
  const server = createServer((request, response) => {
    const handled = request.url?.startsWith('/_sim/')
      ? control(request, response)
      : serve(sim, request, response);
    handled.catch((error: unknown) => fail(response, error));
  });
  // Longer than clients keep idle sockets, so that they and not we close first.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  return server;
}

async function serve(sim: Simulation, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const method = incoming.method ?? 'GET';
  const text = method === 'GET' ? '' : await readBody(incoming);
  const request = readRequest(
    {
      method,
      url: incoming.url ?? '/',
      authorization: incoming.headers.authorization,
      bodyParams: bodyParams(text, incoming.headers['content-type']),
    },
    sim.source,
  );
  const { path, edge, pageId, objectId, params } = request;
  const cursor = params.get('after') ?? params.get('before');
  const record = sim.ledger.log.begin({
    method,
    path,
    edge,
    pageId,
    objectId,
    cursor,
    limit: params.get('limit'),
  });
  // The answer counts as under way until its connection is done with it, whatever the client does.
  response.once('close', () => sim.ledger.log.end(record));
  const effects = takeEffects(sim, request);
  const answer = prepare(sim, request, effects, record, baseOf(incoming));
  const transport = withLatency(sim, effects.transport);
  const headers = headersOf(sim, request, answer, transport);
  const isJson = answer.contentType === undefined;
  const body = isJson && typeof answer.body === 'string' ? sim.encode(answer.body) : answer.body;
  record.status = await send(response, { status: answer.status, body, headers }, transport, sim.sleep);
}

function takeEffects(sim: Simulation, request: GraphRequest): Effects {
  if (sim.faults.isEmpty) return NO_EFFECTS;
  const { method, edge, pageId, objectId, params } = request;
  const faults = sim.faults.take({
    method,
    edge,
    pageId,
    objectId,
    path: publicPath(request),
    hasCursor: params.has('after') || params.has('before'),
    wantedRows: wantedRows(request),
  });
  return faults.length === 0 ? NO_EFFECTS : effectsOf(faults, (below) => sim.random.int(below));
}

function prepare(
  sim: Simulation,
  request: GraphRequest,
  effects: Effects,
  record: CallRecord,
  base: string,
): Answer {
  if (request.pageId !== null) {
    record.usage = sim.usage.highest(request.pageId);
    for (const mutation of effects.mutations) mutate(sim.source, request.pageId, mutation, sim.random);
  }
  const answer = answerRequest(sim, request, effects, base);
  record.faults = effects.names;
  record.errorCode = answer.errorCode;
  record.rows = answer.rows;
  record.messages = answer.messages;
  return answer;
}

function withLatency(sim: Simulation, transport: Transport): Transport {
  const { ms, jitterMs = 0 } = sim.latency;
  const delay = ms + (jitterMs > 0 ? sim.random.int(jitterMs) : 0);
  return delay === 0 ? transport : { ...transport, delayMs: transport.delayMs + delay };
}

function headersOf(
  sim: Simulation,
  request: GraphRequest,
  answer: Answer,
  transport: Transport,
): Record<string, string> {
  return {
    'content-type': answer.contentType ?? 'application/json; charset=UTF-8',
    'facebook-api-version': request.version ?? LATEST_VERSION,
    'cache-control': 'private, no-cache, no-store, must-revalidate',
    'x-fb-trace-id': sim.nextTrace(),
    date: new Date(sim.clock.now()).toUTCString(),
    ...answer.headers,
    ...transport.headers,
  };
}

/** Links lead back to where the client came from: a name or a mapped port may differ from ours. */
function baseOf(request: IncomingMessage): string {
  return `http://${request.headers.host ?? '127.0.0.1'}`;
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  // A bug of the simulator must not pass for a fault of the source.
  response.writeHead(599, { 'content-type': 'text/plain' });
  response.end(
    `simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
}
