import type { Behaviour, SimConversation, SimPage } from '../data/model.ts';
import { GraphError } from './errors.ts';
import { type FieldNode, FieldSyntaxError, parseFields } from './fields.ts';

/** A record to be broken on its way out: a value that does not belong there, or a key taken away. */
export interface Breakage {
  /** Counted from 0 within the answer's edge. */
  readonly row: number;
  /** Given: the message of that row within the conversation's nested messages. */
  readonly messageRow?: number | undefined;
  readonly key: string;
  /** JSON text in place of the value; null removes the key. */
  readonly json: string | null;
}

/** What rendering an answer needs to know and counts on its way. */
export interface RenderContext {
  /** Scheme, host and version: `http://127.0.0.1:4000/v26.0`. */
  readonly base: string;
  /** The token that `next` and `previous` embed. */
  readonly token: string;
  readonly page: SimPage;
  readonly behaviour: Behaviour;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly breakages: readonly Breakage[];
  /** Messages rendered so far, nested ones included. */
  messages: number;
}

/** The thread a message is rendered in. One object per rendering: parts may remember things by it. */
export interface ThreadContext {
  readonly conversation: SimConversation;
  readonly context: RenderContext;
}

/** One key of an object: its value as JSON text, or null when the key is to be missing. */
export interface Part<Item, Context> {
  readonly name: string;
  readonly render: (item: Item, context: Context) => string | null;
}

/** JSON text of an object from its parts, with at most one of them broken. */
export function renderParts<Item, Context>(
  parts: readonly Part<Item, Context>[],
  item: Item,
  context: Context,
  breakage: Breakage | undefined,
): string {
  let out = '';
  for (const part of parts) {
    const value = breakage?.key === part.name ? breakage.json : part.render(item, context);
    if (value === null) continue;
    out += out === '' ? `"${part.name}":${value}` : `,"${part.name}":${value}`;
  }
  return `{${out}}`;
}

/** Makes the parts of a node from the fields asked for; the id comes along at the end unless asked for. */
export function compileParts<P extends { readonly name: string }>(
  fields: readonly FieldNode[],
  nodeType: string,
  make: (field: FieldNode) => P | null,
): P[] {
  const all = fields.some((field) => field.name === 'id') ? fields : [...fields, bareField('id')];
  return all.map((field) => {
    const part = make(field);
    if (part !== null) return part;
    const message = `(#100) Tried accessing nonexisting field (${field.name}) on node type (${nodeType})`;
    throw new GraphError({ code: 100, message });
  });
}

export function bareField(name: string): FieldNode {
  return { name, modifiers: new Map(), children: null, childrenText: null };
}

/** Reads a `fields` parameter; an error in it becomes an error of the Graph API. */
export function readFields(text: string | null, defaults: readonly string[]): readonly FieldNode[] {
  if (text === null || text.trim() === '') return defaults.map(bareField);
  try {
    return parseFields(text);
  } catch (error) {
    if (error instanceof FieldSyntaxError) throw new GraphError({ code: 2500, message: error.message });
    throw error;
  }
}

/** A plain object with only the fields asked for, at any depth. */
export function project(value: unknown, fields: readonly FieldNode[] | null): unknown {
  if (fields === null || typeof value !== 'object' || value === null) return value;
  const source = value as Readonly<Record<string, unknown>>;
  const out: Record<string, unknown> = {};
  for (const field of fields) {
    if (source[field.name] !== undefined) out[field.name] = project(source[field.name], field.children);
  }
  if (source.id !== undefined) out.id = source.id;
  return out;
}
