import { isCode, isTestCode, type Project, type SourceFile, type Violation } from './project.ts';
import { dottedName, parse, type SyntaxNode, walk } from './syntax.ts';

/** Sizes above which code has to be taken apart. */
export const LIMITS = { file: 400, function: 70 } as const;

/** What is too long today and may only get shorter: a list that may lose entries and never gain any. */
export interface Ratchet {
  /** Length by path. */
  files: Record<string, number>;
  /** Length by `path#name`. */
  functions: Record<string, number>;
}

/** What is longer than its limit, or than its entry; and entries that are longer than what they stand for. */
export function tooLong(project: Project, ratchet: Ratchet): Violation[] {
  const code = project.files.filter(isCode);
  const files = new Map(code.map((file) => [file.path, lengthOfFile(file)]));
  const functions = new Map(code.flatMap(lengthsOfFunctions));
  return [
    ...compare(files, ratchet.files, LIMITS.file),
    ...compare(functions, ratchet.functions, LIMITS.function),
  ];
}

function compare(
  sizes: ReadonlyMap<string, number>,
  known: Record<string, number>,
  limit: number,
): Violation[] {
  const grown = [...sizes].flatMap(([name, size]) => {
    const allowed = known[name] ?? limit;
    return size > allowed
      ? [{ file: name, message: `${size} lines, at most ${allowed}: take it apart` }]
      : [];
  });
  const loose = Object.entries(known).flatMap(([name, size]) => {
    const today = sizes.get(name) ?? 0;
    if (today === size && today > limit) return [];
    if (today > size) return [];
    return [
      { file: name, message: `the ratchet says ${size} lines, today it has ${today}: tighten the ratchet` },
    ];
  });
  return [...grown, ...loose];
}

function lengthOfFile({ text }: SourceFile): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'Constructor',
  'MethodProperty',
]);

function lengthsOfFunctions(file: SourceFile): [string, number][] {
  const { root, lineOf, lengthOf } = parse(file);
  const lengths: [string, number][] = [];
  walk(root, (node, ancestors) => {
    if (!FUNCTIONS.has(node.type) || isSuite(file, ancestors.at(-1))) return;
    lengths.push([
      `${file.path}#${nameOf(node, ancestors.at(-1)) ?? `line ${lineOf(node)}`}`,
      lengthOf(node),
    ]);
  });
  return lengths;
}

/** A `describe` is a chapter of tests, not a function. */
function isSuite(file: SourceFile, parent: SyntaxNode | undefined): boolean {
  if (!isTestCode(file) || parent?.type !== 'CallExpression') return false;
  return /^describe/.test(dottedName(parent.callee) ?? '');
}

function nameOf(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  const own = dottedName(node.identifier) ?? dottedName(node.key);
  if (own !== undefined) return own;
  if (parent?.type === 'VariableDeclarator') return dottedName(parent.id);
  return parent?.type === 'KeyValueProperty' ? dottedName(parent.key) : undefined;
}
