import { isTestCode, type Project, type Rule, type SourceFile, type Violation } from './project.ts';
import { dottedName, isNode, nodesIn, parse, type SyntaxNode, textOf, walk } from './syntax.ts';

const SPEC = 'packages/core/src/sync/SPEC.md';
const ERROR_CODES = 'packages/core/src/errors/codes.ts';
const ERROR_DOCS = 'docs/errors.md';

/** Every numbered statement of the specification is shown by a test that names it, and no test names another. */
export const everyStatementIsTested: Rule = (project) => {
  const spec = fileAt(project, SPEC);
  if (spec === undefined) return [missing(SPEC)];
  const ids = new Set([...spec.text.matchAll(/^\s*[-*] +\**([A-Z]+\d+)\b/gm)].map(([, id = '']) => id));
  if (ids.size === 0) return [{ file: SPEC, message: 'no numbered statement found' }];
  const letters = [...new Set([...ids].map((id) => id.replace(/\d+/, '')))].join('|');
  const mentioned = new Set<string>();
  const unknown: Violation[] = [];
  for (const { file, line, title } of testTitles(project)) {
    for (const [id] of title.matchAll(new RegExp(`\\b(?:${letters})\\d+\\b`, 'g'))) {
      mentioned.add(id);
      if (!ids.has(id))
        unknown.push({ file, line, message: `the title names ${id}, which ${SPEC} does not know` });
    }
  }
  const untested = [...ids].filter((id) => !mentioned.has(id));
  return [...unknown, ...untested.map((id) => ({ file: SPEC, message: `${id} is in the title of no test` }))];
};

interface Title {
  file: string;
  line: number;
  title: string;
}

function testTitles(project: Project): Title[] {
  return project.files
    .filter((file) => isTestCode(file) && file.path.endsWith('.test.ts'))
    .flatMap((file) => {
      const { root, lineOf } = parse(file);
      const titles: Title[] = [];
      walk(root, (node) => {
        if (node.type !== 'CallExpression' || !/^(test|it|describe)\b/.test(dottedName(node.callee) ?? ''))
          return;
        const title = textOf(nodesIn(node.arguments)[0]);
        if (title !== undefined) titles.push({ file: file.path, line: lineOf(node), title });
      });
      return titles;
    });
}

/** The error codes of the product and of its documentation are the same. */
export const everyErrorCodeIsDocumented: Rule = (project) => {
  const source = fileAt(project, ERROR_CODES);
  const docs = fileAt(project, ERROR_DOCS);
  if (source === undefined) return [missing(ERROR_CODES)];
  if (docs === undefined) return [missing(ERROR_DOCS)];
  const codes = codesIn(source);
  if (codes.length === 0) return [{ file: ERROR_CODES, message: 'no ERROR_CODES found' }];
  const documented = documentedCodes(docs.text);
  return [
    ...codes
      .filter((code) => !documented.includes(code))
      .map((code) => ({ file: ERROR_DOCS, message: `${code} is not documented` })),
    ...documented
      .filter((code) => !codes.includes(code))
      .map((code) => ({ file: ERROR_DOCS, message: `${code} is documented, and no such code exists` })),
  ];
};

/** The keys, or the elements, of the constant `ERROR_CODES`. */
function codesIn(file: SourceFile): string[] {
  const codes: string[] = [];
  walk(parse(file).root, (node) => {
    if (node.type !== 'VariableDeclarator' || dottedName(node.id) !== 'ERROR_CODES') return;
    const value = withoutTypes(node.init);
    if (value?.type === 'ObjectExpression') {
      codes.push(...nodesIn(value.properties).map((property) => keyOf(property) ?? ''));
    } else if (value?.type === 'ArrayExpression') {
      codes.push(...nodesIn(value.elements).map((element) => textOf(element) ?? ''));
    }
  });
  return codes.filter((code) => code !== '');
}

/** What is inside `as const`, `satisfies …`, parentheses and `Object.freeze(…)`. */
function withoutTypes(node: unknown): SyntaxNode | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'CallExpression') return withoutTypes(nodesIn(node.arguments)[0]);
  return isNode(node.expression) ? withoutTypes(node.expression) : node;
}

function keyOf(property: SyntaxNode): string | undefined {
  return dottedName(property.key) ?? textOf(property.key);
}

/** The codes in the first column of every table whose first column is headed “Code”. */
function documentedCodes(markdown: string): string[] {
  const codes: string[] = [];
  let inTable = false;
  for (const line of markdown.split('\n')) {
    const cell = /^\|\s*([^|]*?)\s*\|/.exec(line)?.[1];
    if (cell === undefined) inTable = false;
    else if (/^codes?$/i.test(cell)) inTable = true;
    else if (inTable && cell.startsWith('`')) codes.push(cell.replaceAll('`', ''));
  }
  return codes;
}

function fileAt(project: Project, path: string): SourceFile | undefined {
  return project.files.find((file) => file.path === path);
}

function missing(path: string): Violation {
  return { file: path, message: 'is missing' };
}
