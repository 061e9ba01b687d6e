import { isCode, isTestCode, type Rule, type SourceFile, type Violation } from './project.ts';
import { dottedName, nodesIn, parse, type SyntaxNode, walk } from './syntax.ts';

/** What makes a result depend on the machine, the moment or chance. */
const IMPURE_NAMES = new Set([
  'Date.now',
  'performance.now',
  'Math.random',
  'process.env',
  'crypto.randomUUID',
]);
const FOCUSED_OR_SKIPPED = /^(test|it|describe)\b.*\.(only|skip|todo|failing)\b|^([fx](it|test|describe))\b/;
/** The two places that wait on behalf of all tests. */
const MAY_SLEEP = ['test/support/eventually.ts', 'test/support/processes.ts'];
const SILENCERS =
  /(\/\/|\/\*|^\s*\*|\{\/\*).*(@ts-(ignore|expect-error|nocheck)|(biome|eslint|prettier)-(ignore|disable))/;

/** `core` has no clock, no chance, no environment, no network and no console. */
export const coreIsPure: Rule = (project) =>
  inCode(
    project.files.filter(({ path }) => path.startsWith('packages/core/src/')),
    (node) => {
      const name = dottedName(node);
      if (node.type === 'MemberExpression' && name !== undefined && IMPURE_NAMES.has(name)) return name;
      if (node.type === 'MemberExpression' && name?.startsWith('console.')) return 'console';
      if (
        node.type === 'NewExpression' &&
        dottedName(node.callee) === 'Date' &&
        nodesIn(node.arguments).length === 0
      ) {
        return 'new Date()';
      }
      if (node.type === 'CallExpression' && dottedName(node.callee) === 'fetch') return 'fetch';
      return undefined;
    },
    (what) => `core may not use ${what}: take it as an argument`,
  );

/** No way around the type checker or the linter, anywhere. */
export const noEscapeHatches: Rule = (project) => {
  const files = project.files.filter(isCode);
  const inTypes = inCode(
    files,
    (node) => {
      if (node.type === 'TsKeywordType' && node.kind === 'any') return 'any';
      return node.type === 'TsNonNullExpression' ? 'a non-null assertion' : undefined;
    },
    (what) => `${what} switches the type checker off`,
  );
  const inComments = files.flatMap((file) =>
    file.text
      .split('\n')
      .flatMap((line, index) =>
        SILENCERS.test(line)
          ? [{ file: file.path, line: index + 1, message: 'a comment silences a check' }]
          : [],
      ),
  );
  return [...inTypes, ...inComments];
};

/** Every test runs, always. */
export const noTestIsLeftOut: Rule = (project) =>
  inCode(
    project.files.filter(isTestCode),
    (node) => {
      const name = dottedName(node.type === 'CallExpression' && node.callee);
      return FOCUSED_OR_SKIPPED.test(name ?? '') ? name : undefined;
    },
    (what) => `${what} leaves tests out`,
  );

/** Tests wait for what they need, not for a time that was enough on somebody's machine. */
export const noTestSleeps: Rule = (project) =>
  inCode(
    project.files.filter((file) => isTestCode(file) && !MAY_SLEEP.includes(file.path)),
    (node, ancestors) => {
      if (node.type === 'ImportDeclaration') {
        const source = nodesIn([node.source])[0]?.value;
        return String(source).endsWith('timers/promises') ? String(source) : undefined;
      }
      if (node.type !== 'CallExpression') return undefined;
      const name = dottedName(node.callee);
      const [first] = nodesIn(node.arguments);
      if (name === 'promisify' && dottedName(first) === 'setTimeout') return 'promisify(setTimeout)';
      if (name !== 'setTimeout' && name !== 'globalThis.setTimeout') return undefined;
      return resolvesPromise(first, ancestors) ? 'setTimeout' : undefined;
    },
    (what) => `${what} waits by sleeping: use eventually() or wait for an event`,
  );

/** Whether a timer's callback does nothing but fulfil the promise around it. */
function resolvesPromise(callback: SyntaxNode | undefined, ancestors: readonly SyntaxNode[]): boolean {
  const promise = ancestors.findLast(
    (node) => node.type === 'NewExpression' && dottedName(node.callee) === 'Promise',
  );
  const [executor] = nodesIn(promise?.arguments);
  const [parameter] = nodesIn(executor?.params);
  const resolve = dottedName(parameter?.type === 'Parameter' ? parameter.pat : parameter);
  if (callback === undefined || resolve === undefined) return false;
  if (dottedName(callback) === resolve) return true;
  return callback.type === 'ArrowFunctionExpression' && dottedName(callback.body) === resolve;
}

/** Names that say nothing about what is inside. */
export const namesSayWhatIsInside: Rule = (project) =>
  project.files
    .filter(
      (file) =>
        isCode(file) && /(^|[-_.])(utils?|helpers?|common|misc|managers?)\.[^/]*$/.test(baseName(file)),
    )
    .map(({ path }) => ({ file: path, message: 'names a drawer, not a thing: say what is inside' }));

/** Nothing knows the machine it was written on. */
export const noPathsOfOneMachine: Rule = (project) =>
  project.files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const found = /(?:^|[\s"'`(=:,])(\/(?:root|home|work|Users)\/[\w.-]*)/.exec(line)?.[1];
      return found === undefined
        ? []
        : [{ file: path, line: index + 1, message: `${found} is a path of one machine` }];
    }),
  );

function baseName(file: SourceFile): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}

function inCode(
  files: readonly SourceFile[],
  find: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => string | undefined,
  message: (what: string) => string,
): Violation[] {
  return files.filter(isCode).flatMap((file) => {
    const { root, lineOf } = parse(file);
    const found: Violation[] = [];
    walk(root, (node, ancestors) => {
      const what = find(node, ancestors);
      if (what !== undefined) found.push({ file: file.path, line: lineOf(node), message: message(what) });
    });
    return found;
  });
}
