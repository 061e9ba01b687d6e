import { createHmac } from 'node:crypto';
import type { SourceRequest } from '@tidemark/core/connector';
import type { GraphEdge } from './graph-schemas.ts';
import type { MessengerCredentials } from './config.ts';

export interface GraphApi {
  /** Such as https://graph.facebook.com, without a slash at the end. */
  graphUrl: string;
  /** Such as v26.0. */
  graphVersion: string;
}

/**
 * A GET of the Graph API. The token travels in a header, so that no URL holds it; `appsecret_proof` is a keyed hash
 * and may be in the URL (developers.facebook.com/docs/graph-api/guides/secure-requests).
 */
export function graphGet(
  api: GraphApi,
  path: string,
  parameters: Readonly<Record<string, string>>,
  credentials: MessengerCredentials,
): SourceRequest {
  const url = new URL(`${api.graphUrl.replace(/\/+$/, '')}/${api.graphVersion}/${path}`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  if (credentials.appSecret !== undefined) {
    const proof = createHmac('sha256', credentials.appSecret).update(credentials.accessToken).digest('hex');
    url.searchParams.set('appsecret_proof', proof);
  }
  return {
    url: url.href,
    headers: { authorization: `Bearer ${credentials.accessToken}`, accept: 'application/json' },
  };
}

/** Parameters of a `next` URL that must not be stored or sent twice. */
const NOT_A_CURSOR = new Set(['access_token', 'appsecret_proof', 'fields', 'limit', 'format', 'method']);

/**
 * Where an edge goes on, as query parameters; null at its end. Only the absence of `next` means the end: a page may
 * be short or empty and still have one. Of the `next` URL, which holds the access token, only the position is kept.
 */
export function nextPosition(edge: GraphEdge): string | null {
  const next = edge.paging?.next;
  if (next === undefined) return null;
  const after = edge.paging?.cursors?.after;
  if (after !== undefined && after !== '') return new URLSearchParams({ after }).toString();
  const position = new URLSearchParams();
  const query = URL.canParse(next) ? new URL(next).searchParams : new URLSearchParams();
  for (const [name, value] of query) if (!NOT_A_CURSOR.has(name)) position.set(name, value);
  return position.size === 0 ? null : position.toString();
}
