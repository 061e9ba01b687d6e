import type { GraphSimulator } from '../src/index.ts';

export const PAGE = '100000000000001';
export const TOKEN = 'TOKEN-1';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body, or undefined when it is no JSON. */
  readonly json: Json;
}

/** JSON of a shape that the test knows. */
export interface Json {
  readonly data?: Json[];
  readonly error?: Record<string, unknown>;
  readonly paging?: { cursors?: { before: string; after: string }; next?: string; previous?: string };
  readonly messages?: Json;
  readonly participants?: { data?: unknown[] };
  readonly from?: Record<string, unknown>;
  readonly id?: string;
  readonly message?: string;
  readonly created_time?: string;
  readonly updated_time?: string;
  readonly [key: string]: unknown;
}

/** Calls an absolute URL, or a path below the simulator with the page's token. */
export async function get(sim: GraphSimulator, target: string, init: RequestInit = {}): Promise<Reply> {
  const joint = target.includes('?') ? '&' : '?';
  const url = target.startsWith('http') ? target : `${sim.url}${target}${joint}access_token=${TOKEN}`;
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}

export function rows(reply: Reply): Json[] {
  if (reply.json.data === undefined) throw new Error(`no data in ${reply.text.slice(0, 500)}`);
  return reply.json.data;
}

/** All rows of an edge, following `next` to the end. `between` runs after each page but the last. */
export async function walk(
  sim: GraphSimulator,
  path: string,
  between: (page: number) => void = () => {},
): Promise<Json[]> {
  const all: Json[] = [];
  let next: string | undefined = path;
  for (let page = 0; next !== undefined; page += 1) {
    const reply: Reply = await get(sim, next);
    all.push(...rows(reply));
    next = reply.json.paging?.next;
    if (next !== undefined) between(page);
  }
  return all;
}
