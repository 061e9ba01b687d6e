/** One entry of a `fields=` expression: `messages.limit(25).after(x){id,from{name}}`. */
export interface FieldNode {
  readonly name: string;
  /** Modifiers such as `limit` or `after`, with their text as written. */
  readonly modifiers: ReadonlyMap<string, string>;
  /** What stands in braces; null without braces. */
  readonly children: readonly FieldNode[] | null;
  /** The text between the braces: goes into the `next` of a nested edge. */
  readonly childrenText: string | null;
}

/** The expression cannot be read; `position` counts characters from 0. */
export class FieldSyntaxError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(`Syntax error "${message}" at character ${position}`);
    this.name = 'FieldSyntaxError';
    this.position = position;
  }
}

const MAX_DEPTH = 8;

/** Reads a `fields` parameter. Blanks are ignored, as is a comma at the end. Throws FieldSyntaxError. */
export function parseFields(text: string): FieldNode[] {
  const reader: Reader = { text, at: 0 };
  const nodes = readList(reader, 0);
  skipBlanks(reader);
  if (reader.at < text.length) {
    throw new FieldSyntaxError(`Expected end of string instead of "${text[reader.at]}".`, reader.at);
  }
  return nodes;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readList(reader: Reader, depth: number): FieldNode[] {
  if (depth > MAX_DEPTH) throw new FieldSyntaxError('Expansion is too deep.', reader.at);
  const nodes: FieldNode[] = [];
  for (;;) {
    skipBlanks(reader);
    if (reader.at >= reader.text.length || reader.text[reader.at] === '}') return nodes;
    nodes.push(readNode(reader, depth));
    skipBlanks(reader);
    if (reader.text[reader.at] !== ',') return nodes;
    reader.at += 1;
  }
}

function readNode(reader: Reader, depth: number): FieldNode {
  const name = readName(reader);
  const modifiers = new Map<string, string>();
  while (peek(reader) === '.') {
    reader.at += 1;
    const modifier = readName(reader);
    expect(reader, '(');
    modifiers.set(modifier, readArgument(reader));
  }
  if (peek(reader) !== '{') return { name, modifiers, children: null, childrenText: null };
  reader.at += 1;
  const start = reader.at;
  const children = readList(reader, depth + 1);
  const childrenText = reader.text.slice(start, reader.at);
  expect(reader, '}');
  return { name, modifiers, children, childrenText };
}

function readName(reader: Reader): string {
  skipBlanks(reader);
  const match = /^[A-Za-z_][A-Za-z0-9_-]*/.exec(reader.text.slice(reader.at, reader.at + 80));
  if (match === null) {
    const found = reader.text[reader.at];
    const shown = found === undefined ? 'end of string' : `"${found}"`;
    throw new FieldSyntaxError(`Expected name instead of ${shown}.`, reader.at);
  }
  reader.at += match[0].length;
  return match[0];
}

/** The text up to the closing parenthesis: cursors hold neither kind. */
function readArgument(reader: Reader): string {
  const end = reader.text.indexOf(')', reader.at);
  if (end === -1) throw new FieldSyntaxError('Expected ")" instead of end of string.', reader.text.length);
  const argument = reader.text.slice(reader.at, end).trim();
  reader.at = end + 1;
  return argument;
}

function expect(reader: Reader, wanted: string): void {
  const found = peek(reader);
  if (found !== wanted) {
    const shown = found === undefined ? 'end of string' : `"${found}"`;
    throw new FieldSyntaxError(`Expected "${wanted}" instead of ${shown}.`, reader.at);
  }
  reader.at += 1;
}

function peek(reader: Reader): string | undefined {
  skipBlanks(reader);
  return reader.text[reader.at];
}

function skipBlanks(reader: Reader): void {
  while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
}
