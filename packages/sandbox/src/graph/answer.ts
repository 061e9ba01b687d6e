import type { Effects, Refusal } from '../faults/effects.ts';
import { authenticate, authorize, checkVersion } from './auth.ts';
import { GraphError, invalidParameter, reduceData, renderError, unknownObject } from './errors.ts';
import type { RenderContext } from './render.ts';
import { type GraphRequest, publicPath, wantedRows } from './request.ts';
import { dispatch } from './routes.ts';
import type { Simulation } from './simulation.ts';

/** An answer before it meets the network. */
export interface Answer {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType?: string | undefined;
  readonly errorCode: number | null;
  readonly rows: number;
  readonly messages: number;
}

/** Answers a request, errors included. `base` is scheme and host for links. */
export function answerRequest(
  sim: Simulation,
  request: GraphRequest,
  effects: Effects,
  base: string,
): Answer {
  try {
    if (effects.refusal !== null) return refuse(sim, request, effects.refusal);
    return answerOrThrow(sim, request, effects, base);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    const { status, body } = renderError(error.spec, sim.nextTrace());
    const headers = request.pageId === null ? {} : sim.usage.headers(request.pageId);
    return { status, body, headers, errorCode: error.spec.code, rows: 0, messages: 0 };
  }
}

function refuse(sim: Simulation, request: GraphRequest, fault: Refusal): Answer {
  const { pageId } = request;
  switch (fault.type) {
    case 'html':
      return plain(fault.status, htmlPage(fault.status), 'text/html; charset=utf-8');
    case 'raw':
      return { ...plain(fault.status, fault.body, fault.contentType), headers: fault.headers };
    case 'reduce-data':
      throw new GraphError(reduceData(fault.textIn, fault.omitType));
    case 'throttle':
      if (pageId !== null) sim.usage.block(fault.code, pageId, fault.minutes);
      throw new GraphError({ code: fault.code });
    case 'expire-token':
      if (pageId !== null) sim.source.expireToken(pageId, fault.subcode);
      throw new GraphError({ code: 190, subcode: fault.subcode ?? undefined });
    case 'error':
      throw new GraphError({ ...fault, type: fault.errorType });
  }
}

function plain(status: number, body: string, contentType: string): Answer {
  return { status, body, contentType, headers: {}, errorCode: null, rows: 0, messages: 0 };
}

function htmlPage(status: number): string {
  const title = status === 503 ? 'Service Unavailable' : 'Sorry, something went wrong.';
  return `<!DOCTYPE html><html lang="en"><head><title>Error</title></head><body><h1>${title}</h1></body></html>`;
}

function answerOrThrow(sim: Simulation, request: GraphRequest, effects: Effects, base: string): Answer {
  checkVersion(request.version, { minimumVersion: sim.behaviour.minimumVersion ?? null });
  const tokenPage = authenticate(request, sim.source.pages.values());
  if (request.objectId === null) throw invalidParameter('Unsupported get request.', 'GraphMethodException');
  if (request.pageId === null) throw unknownObject(request.objectId);
  const page = sim.source.page(request.pageId);
  const behaviour = sim.behaviourOf(page);
  checkVersion(request.version, behaviour);
  authorize(tokenPage, page.id, behaviour);
  sim.usage.check(page.id);
  if (behaviour.maxRows !== null && wantedRows(request) > behaviour.maxRows) {
    throw new GraphError(reduceData(behaviour.maxRowsTextIn));
  }
  const version = request.version === null ? '' : `/${request.version}`;
  const context: RenderContext = {
    base: `${base}${version}`,
    token: page.accessToken,
    page,
    behaviour,
    now: sim.clock.now(),
    breakages: effects.breakages,
    messages: 0,
  };
  const { body, rows, messages } = render(sim, request, context, effects);
  sim.usage.spend(page.id, rows, messages);
  const headers = sim.usage.headers(page.id);
  return { status: 200, body, headers, errorCode: null, rows, messages };
}

type Rendered = Pick<Answer, 'body' | 'rows' | 'messages'>;

/** Renders what the path names, or takes it from the cache where no fault shapes it. */
function render(sim: Simulation, request: GraphRequest, context: RenderContext, effects: Effects): Rendered {
  const { page } = context;
  if (sim.cache.isOff || !sim.faults.isEmpty || request.method !== 'GET') {
    const { body, rows } = dispatch(sim, request, context, effects.shaping);
    return { body, rows, messages: context.messages };
  }
  const key = `${context.base} ${page.accessToken} ${publicPath(request)}`;
  const known = sim.cache.get(key, page);
  if (known !== null) return known;
  const { body, rows } = dispatch(sim, request, context, effects.shaping);
  const answer = { body: Buffer.from(sim.encode(body)), rows, messages: context.messages };
  sim.cache.set(key, page, answer);
  return answer;
}
