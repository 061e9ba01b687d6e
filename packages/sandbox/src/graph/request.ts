import type { GraphSource } from '../data/source.ts';
import type { CallEdge } from '../ledger/calls.ts';
import { DEFAULT_LIMIT } from './paging.ts';

/** A request to the Graph API, taken apart. */
export interface GraphRequest {
  readonly method: string;
  /** `v26.0`, or null when the path has none. */
  readonly version: string | null;
  /** Path without query. */
  readonly path: string;
  readonly params: URLSearchParams;
  readonly token: string | null;
  readonly edge: CallEdge;
  /** First part of the path: an id, or `me` already resolved to the token's page. */
  readonly objectId: string | null;
  /** Page the object belongs to, if it is one of ours. */
  readonly pageId: string | null;
  /** Second part of the path, if any. */
  readonly edgeName: string | null;
}

export interface RawRequest {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly authorization: string | undefined;
  /** Parameters of a form or JSON body. */
  readonly bodyParams: ReadonlyMap<string, string>;
}

const EDGE_NAMES = ['conversations', 'messages', 'subscribed_apps'] as const;

export function readRequest(raw: RawRequest, source: GraphSource): GraphRequest {
  const mark = raw.url.indexOf('?');
  const path = mark === -1 ? raw.url : raw.url.slice(0, mark);
  const params = new URLSearchParams(mark === -1 ? '' : raw.url.slice(mark + 1));
  for (const [name, value] of raw.bodyParams) params.set(name, value);
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode);
  const version = /^v\d+\.\d+$/.test(segments[0] ?? '') ? (segments.shift() ?? null) : null;
  const token = params.get('access_token') ?? bearer(raw.authorization);
  const [named = null, edgeName = null] = segments;
  const objectId = named === 'me' ? (pageOfToken(source, token) ?? 'me') : named;
  const { edge, pageId } = locate(source, objectId, edgeName);
  return { method: raw.method, version, path, params, token, edge, objectId, pageId, edgeName };
}

/** The page whose token this is, ended or not. */
export function pageOfToken(source: GraphSource, token: string | null): string | null {
  for (const page of source.pages.values()) if (page.accessToken === token) return page.id;
  return null;
}

function bearer(authorization: string | undefined): string | null {
  return /^(?:Bearer|OAuth)\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function locate(
  source: GraphSource,
  objectId: string | null,
  edgeName: string | null,
): { edge: CallEdge; pageId: string | null } {
  const named = EDGE_NAMES.find((name) => name === edgeName);
  if (objectId === null || (edgeName !== null && named === undefined)) {
    return { edge: 'other', pageId: objectId !== null && source.pages.has(objectId) ? objectId : null };
  }
  if (source.pages.has(objectId)) return { edge: named ?? 'page', pageId: objectId };
  const conversation = source.conversation(objectId);
  if (conversation !== null) return { edge: named ?? 'conversation', pageId: conversation.page.id };
  const message = source.message(objectId);
  if (message !== null) return { edge: named ?? 'message', pageId: message.conversation.page.id };
  return { edge: named ?? 'other', pageId: null };
}

/** Path and query without what is secret: what fault rules see. */
export function publicPath(request: GraphRequest): string {
  const params = new URLSearchParams(request.params);
  params.delete('access_token');
  params.delete('appsecret_proof');
  return params.size === 0 ? request.path : `${request.path}?${params}`;
}

/** How many rows the call asks for: its limit times the limit of the messages nested in each row. */
export function wantedRows(request: GraphRequest): number {
  const limit = Number(request.params.get('limit') ?? DEFAULT_LIMIT) || DEFAULT_LIMIT;
  if (request.edge === 'messages') return limit;
  const nested = /(?:^|[,\s])messages((?:\.\w+\([^)]*\))*)/.exec(request.params.get('fields') ?? '');
  const within = nested === null ? 1 : Number(/\.limit\((\d+)\)/.exec(nested[1] ?? '')?.[1] ?? DEFAULT_LIMIT);
  return request.edge === 'conversations' ? limit * within : within;
}
