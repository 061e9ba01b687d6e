import { parseSync } from '@swc/core';
import type { SourceFile } from './project.ts';

/** A node of swc's syntax tree, read by shape: the rules need a few of its hundred kinds. */
export interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** A parsed file. */
export interface ParsedFile {
  root: SyntaxNode;
  /** The line a node starts in, from 1. */
  lineOf(node: SyntaxNode): number;
  /** How many lines a node covers. */
  lengthOf(node: SyntaxNode): number;
}

const cache = new WeakMap<SourceFile, ParsedFile>();

/** Parses a file, once. */
export function parse(file: SourceFile): ParsedFile {
  const known = cache.get(file);
  if (known !== undefined) return known;
  // swc counts bytes from a start of its own: a statement put in front of everything shows where that is.
  const marked = `;${file.text.replace(/^#!/, '//')}`;
  const tsx = file.path.endsWith('.tsx');
  const root: unknown = parseSync(marked, { syntax: 'typescript', target: 'es2024', tsx, decorators: true });
  if (!isNode(root)) throw new Error(`${file.path} cannot be parsed`);
  const parsed = locate(root, Buffer.from(marked));
  cache.set(file, parsed);
  return parsed;
}

function locate(root: SyntaxNode, bytes: Buffer): ParsedFile {
  const base = spanOf(root).start;
  const breaks: number[] = [];
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) breaks.push(at);
  const lineAt = (offset: number) => {
    const found = breaks.findIndex((at) => at >= offset - base);
    return (found === -1 ? breaks.length : found) + 1;
  };
  return {
    root,
    lineOf: (node) => lineAt(spanOf(node).start),
    lengthOf: (node) => {
      const { start, end } = spanOf(node);
      return lineAt(end - 1) - lineAt(start) + 1;
    },
  };
}

function spanOf(node: SyntaxNode): { start: number; end: number } {
  const span = node.span;
  if (typeof span === 'object' && span !== null && 'start' in span && 'end' in span) {
    return { start: Number(span.start), end: Number(span.end) };
  }
  return { start: 0, end: 0 };
}

/** Whether a value is a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Visits a node and everything below it, with its ancestors, the nearest last. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
  ancestors: readonly SyntaxNode[] = [],
): void {
  visit(node, ancestors);
  const below = [...ancestors, node];
  for (const child of childrenOf(node)) walk(child, visit, below);
}

function* childrenOf(value: object): Generator<SyntaxNode> {
  for (const child of Object.values(value)) {
    if (isNode(child)) yield child;
    // Arguments and the like are wrapped in objects without a type of their own.
    else if (typeof child === 'object' && child !== null) yield* childrenOf(child);
  }
}

/** The nodes of a list that swc may leave out or wrap. */
export function nodesIn(value: unknown): SyntaxNode[] {
  return typeof value === 'object' && value !== null ? [...childrenOf(value)] : [];
}

/** `a.b.c` of an identifier or a chain of members; calls in between are left out: `test.each(x)` is `test.each`. */
export function dottedName(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier') return String(node.value);
  if (node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression') {
    return dottedName(node.callee ?? node.tag);
  }
  if (node.type !== 'MemberExpression') return undefined;
  const object = dottedName(node.object);
  const property =
    isNode(node.property) && node.property.type === 'Identifier' ? node.property.value : undefined;
  return object === undefined || property === undefined ? undefined : `${object}.${String(property)}`;
}

/** The text of a string or of the fixed parts of a template; `undefined` for anything else. */
export function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'StringLiteral') return String(node.value);
  if (node.type !== 'TemplateLiteral') return undefined;
  return nodesIn(node.quasis)
    .map((part) => String(part.cooked ?? ''))
    .join('…');
}
