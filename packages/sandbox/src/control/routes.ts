import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { SourceError } from '../data/source.ts';
import { readBody } from '../graph/body.ts';
import type { ControlHandler } from '../graph/server.ts';
import type { Simulation } from '../graph/simulation.ts';
import * as actions from './actions.ts';
import * as schemas from './schemas.ts';

/** Turns a query or body of unknown shape into an answer, or the promise of one. Throws ZodError or SourceError. */
type Route = (sim: Simulation, input: unknown) => unknown;

function route<S extends z.ZodType>(schema: S, act: (sim: Simulation, input: z.output<S>) => unknown): Route {
  return (sim, input) => act(sim, schema.parse(input));
}

const nothing = z.strictObject({});
const done = { ok: true };

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /_sim/health': route(nothing, actions.health),
  'GET /_sim/ledger/expected': route(schemas.expectedQuery, actions.expected),
  'GET /_sim/ledger/calls': route(schemas.callsQuery, actions.calls),
  'GET /_sim/ledger/window': route(schemas.windowQuery, actions.window),
  'DELETE /_sim/ledger': route(nothing, (sim) => {
    sim.ledger.reset();
    return done;
  }),
  'GET /_sim/faults': route(nothing, (sim) => ({ faults: sim.faults.list() })),
  'POST /_sim/faults': route(schemas.faultsSchema, actions.addFaults),
  'DELETE /_sim/faults': route(schemas.idQuery, (sim, { id }) => actions.removeFaults(sim, id)),
  'POST /_sim/mutate': route(schemas.mutationSchema, actions.change),
  'POST /_sim/token': route(schemas.tokenSchema, actions.changeToken),
  'GET /_sim/pages': route(nothing, (sim) => ({ pages: actions.pageFacts(sim) })),
  'POST /_sim/pages': route(schemas.pageSpecSchema, (sim, spec) => {
    sim.source.addPage(spec);
    return { totals: sim.ledger.expected(spec.pageId, { totalsOnly: true }).totals };
  }),
  'DELETE /_sim/pages': route(schemas.pageQuery, (sim, { pageId }) => {
    sim.source.removePage(pageId);
    return done;
  }),
  'POST /_sim/configure': route(schemas.configureSchema, (sim, { behaviour, pageId }) => {
    sim.configure(behaviour, pageId);
    return done;
  }),
  'POST /_sim/usage': route(schemas.usageSchema, (sim, usage) => {
    sim.usage.configure(usage);
    return done;
  }),
  'POST /_sim/latency': route(schemas.latencySchema, (sim, latency) => {
    sim.latency = latency;
    return done;
  }),
  'POST /_sim/clock': route(schemas.clockSchema, (sim, { advanceMs }) => {
    sim.clock.advance(advanceMs);
    return { now: sim.clock.now() };
  }),
  'POST /_sim/webhooks/callback': route(schemas.callbackSchema, (sim, callback) =>
    sim.webhooks.connect(callback),
  ),
  'POST /_sim/webhooks/settings': route(schemas.webhookSettingsSchema, (sim, settings) => {
    sim.webhooks.configure(settings);
    return done;
  }),
  'POST /_sim/webhooks/traffic': route(schemas.trafficSchema, actions.startTraffic),
  'GET /_sim/webhooks/idle': route(schemas.idleQuery, async (sim, options) => ({
    idle: await sim.webhooks.untilIdle(options),
  })),
  'GET /_sim/webhooks/ledger': route(schemas.webhookLedgerQuery, actions.webhookFacts),
  'POST /_sim/reset': route(nothing, (sim) => {
    sim.reset();
    return done;
  }),
};

/** The control surface below `/_sim/`: drives a simulator that runs in another process. */
export function createControlHandler(sim: Simulation): ControlHandler {
  return async (request, response) => {
    const { status, body } = await answer(sim, request);
    reply(response, status, body);
  };
}

async function answer(sim: Simulation, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const found = ROUTES[`${request.method} ${url.pathname}`];
  if (found === undefined) return failure(404, `no ${request.method} ${url.pathname}; see ${names()}`);
  try {
    const query = Object.fromEntries(url.searchParams);
    const input = request.method === 'POST' ? parseJson(await readBody(request)) : query;
    return { status: 200, body: await found(sim, input) };
  } catch (error) {
    return explain(error);
  }
}

function names(): string {
  return Object.keys(ROUTES).join(', ');
}

/** An empty body counts as an empty object. */
function parseJson(text: string): unknown {
  return text.trim() === '' ? {} : JSON.parse(text);
}

function explain(error: unknown): { status: number; body: unknown } {
  if (error instanceof z.ZodError) {
    const issues = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
    return { status: 400, body: { error: { message: z.prettifyError(error), issues } } };
  }
  if (error instanceof SourceError) {
    return failure({ unknown: 404, exists: 409, invalid: 400 }[error.reason], error.message);
  }
  if (error instanceof SyntaxError || error instanceof RangeError) return failure(400, error.message);
  throw error;
}

function failure(status: number, message: string): { status: number; body: unknown } {
  return { status, body: { error: { message, issues: [] } } };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
