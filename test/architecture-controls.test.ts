import { expect, test } from '@jest/globals';
import { fakeProject } from './support/architecture/project.ts';
import { RULES } from './support/architecture/rules.ts';

// The rules themselves are tested here: each reports what breaks it, and lets pass what looks alike.

type Name = keyof typeof RULES;

interface Control {
  rule: Name;
  what: string;
  files: Record<string, string>;
  /** What the report has to say; empty for files that are fine. */
  says?: RegExp;
}

function manifest(name: string, more: Record<string, unknown> = {}): string {
  const exported = { '.': { source: './src/index.ts' }, './*': { source: './src/*/index.ts' } };
  return JSON.stringify({ name, exports: exported, ...more });
}

const CORE = { 'packages/core/package.json': manifest('@tidemark/core') };
const DB = { 'packages/db/package.json': manifest('@tidemark/db') };
const SANDBOX = { 'packages/sandbox/package.json': manifest('@tidemark/sandbox') };
const SPEC = 'packages/core/src/sync/SPEC.md';
const CODES = 'packages/core/src/errors/codes.ts';
/** Put together, so that this file does not hold what it forbids. */
const silenced = (what: string) => `const a = 1; //${' '}${what}\n`;
const homePath = (user: string) => `see '/${user}/somebody/notes'`;

const BROKEN: Control[] = [
  {
    rule: 'importsRunDown',
    what: 'a package that imports one above it',
    files: { ...CORE, ...DB, 'packages/core/src/a.ts': "import { b } from '@tidemark/db';" },
    says: /packages\/core may not import packages\/db/,
  },
  {
    rule: 'importsRunDown',
    what: 'connectors that know the database, even for a type',
    files: { ...DB, 'packages/connectors/src/a.ts': "export type A = import('@tidemark/db').B;" },
    says: /connectors may not import packages\/db/,
  },
  {
    rule: 'importsRunDown',
    what: 'production code that imports the sandbox',
    files: { ...SANDBOX, 'apps/worker/src/a.ts': "const b = await import('@tidemark/sandbox');" },
    says: /worker may not import packages\/sandbox/,
  },
  {
    rule: 'importsRunDown',
    what: 'a relative path into another package',
    files: { ...CORE, 'packages/db/src/a.ts': "export * from '../../core/src/sync/index.ts';" },
    says: /reaches out of packages\/db/,
  },
  {
    rule: 'coreImportsNothing',
    what: 'a built-in module in core',
    files: { 'packages/core/src/a.ts': "import { readFile } from 'node:fs';" },
    says: /core may not import node:fs/,
  },
  {
    rule: 'coreImportsNothing',
    what: 'hashing outside its folder',
    files: { 'packages/core/src/sync/a.ts': "import { createHash } from 'node:crypto';" },
    says: /node:crypto/,
  },
  {
    rule: 'librariesStayInTheirPlace',
    what: 'a queue outside the queue package',
    files: { 'apps/worker/src/a.ts': "import { Worker } from 'bullmq';" },
    says: /only packages\/queue imports bullmq/,
  },
  {
    rule: 'librariesStayInTheirPlace',
    what: 'SQL outside the database package',
    files: { 'apps/api/src/a.ts': "import { eq } from 'drizzle-orm/sql';" },
    says: /only packages\/db imports drizzle-orm/,
  },
  {
    rule: 'noCycles',
    what: 'three files in a circle',
    files: {
      'packages/core/src/a.ts': "import './b.ts';",
      'packages/core/src/b.ts': "export { c } from './c.ts';",
      'packages/core/src/c.ts': "import type { A } from './a.ts';",
    },
    says: /a\.ts → .*b\.ts → .*c\.ts → .*a\.ts/,
  },
  {
    rule: 'noCycles',
    what: 'two packages in a circle',
    files: {
      ...CORE,
      ...DB,
      'packages/core/src/sync/index.ts': "import '@tidemark/db';",
      'packages/db/src/index.ts': "import '@tidemark/core/sync';",
    },
    says: /import cycle/,
  },
  {
    rule: 'everyImportIsDeclared',
    what: 'production code that leans on a development dependency',
    files: {
      'packages/core/package.json': manifest('@tidemark/core', { devDependencies: { zod: '4' } }),
      'packages/core/src/a.ts': "import { z } from 'zod/v4';",
    },
    says: /zod is not declared in packages\/core/,
  },
  {
    rule: 'everyDependencyIsUsed',
    what: 'a dependency that only tests use',
    files: {
      'packages/core/package.json': manifest('@tidemark/core', { dependencies: { zod: '4' } }),
      'packages/core/test/a.test.ts': "import { z } from 'zod';",
    },
    says: /zod is declared and not used/,
  },
  ...['Date.now()', 'new Date()', 'Math.random()', 'process.env.HOME', "fetch('x')", 'console.log(1)'].map(
    (code) => ({
      rule: 'coreIsPure' as const,
      what: code,
      files: { 'packages/core/src/a.ts': `export const a = () => ${code};` },
      says: /may not use/,
    }),
  ),
  ...['let a: any;', 'const a = b as any;', 'const a = b!.c;', 'function f(x: Map<string, any>) {}'].map(
    (code) => ({
      rule: 'noEscapeHatches' as const,
      what: code,
      files: { 'bench/a.ts': code },
      says: /type checker/,
    }),
  ),
  ...['ts-ignore', 'ts-expect-error'].map((what) => ({
    rule: 'noEscapeHatches' as const,
    what,
    files: { 'apps/api/src/a.ts': silenced(`@${what}`) },
    says: /silences/,
  })),
  {
    rule: 'noEscapeHatches',
    what: 'a rule of the linter that is switched off',
    files: { 'apps/api/src/a.ts': silenced(`biome-${'ignore'} lint: because`) },
    says: /silences/,
  },
  ...[
    "test.only('a', f);",
    "describe.skip('a', f);",
    "test.todo('a');",
    "it.skip.each([1])('a', f);",
    "xit('a', f);",
  ].map((code) => ({
    rule: 'noTestIsLeftOut' as const,
    what: code,
    files: { 'test/a.test.ts': code },
    says: /leaves tests out/,
  })),
  ...[
    'await new Promise((resolve) => setTimeout(resolve, 50));',
    'await new Promise<void>((done) => { setTimeout(() => done(), 50); });',
    "import { setTimeout as delay } from 'node:timers/promises';",
    'const sleep = promisify(setTimeout);',
  ].map((code) => ({
    rule: 'noTestSleeps' as const,
    what: code,
    files: { 'packages/db/test/a.test.ts': code },
    says: /waits by sleeping/,
  })),
  ...['utils.ts', 'date-helpers.ts', 'common.ts', 'misc.mjs', 'sync-manager.ts'].map((name) => ({
    rule: 'namesSayWhatIsInside' as const,
    what: name,
    files: { [`packages/core/src/${name}`]: '' },
    says: /drawer/,
  })),
  ...['root', 'home', 'work'].map((folder) => ({
    rule: 'noPathsOfOneMachine' as const,
    what: folder,
    files: { 'docs/a.md': homePath(folder) },
    says: /path of one machine/,
  })),
  {
    rule: 'everyStatementIsTested',
    what: 'a statement without a test',
    files: { [SPEC]: '- I1: one\n- C2: two\n', 'test/a.test.ts': "test('I1: holds', f);" },
    says: /C2 is in the title of no test/,
  },
  {
    rule: 'everyStatementIsTested',
    what: 'a test of a statement that does not exist',
    files: { [SPEC]: '- I1: one\n', 'test/a.test.ts': 'test.each([1])(`I1 and I7 hold`, f);' },
    says: /names I7/,
  },
  {
    rule: 'everyErrorCodeIsDocumented',
    what: 'a code without documentation',
    files: {
      [CODES]: 'export const ERROR_CODES = { not_found: {}, gone: {} } as const;',
      'docs/errors.md': table('not_found'),
    },
    says: /gone is not documented/,
  },
  {
    rule: 'everyErrorCodeIsDocumented',
    what: 'documentation of a code that does not exist',
    files: {
      [CODES]: "export const ERROR_CODES = ['not_found'];",
      'docs/errors.md': table('not_found', 'old'),
    },
    says: /old is documented, and no such code exists/,
  },
];

const FINE: Control[] = [
  {
    rule: 'importsRunDown',
    what: 'apps, packages, core',
    files: {
      ...CORE,
      ...SANDBOX,
      'apps/cli/src/a.ts': "import '@tidemark/sandbox'; import '@tidemark/core/sync';",
    },
  },
  {
    rule: 'coreImportsNothing',
    what: 'zod, its own files, and hashes in their folder',
    files: {
      'packages/core/src/hashing/a.ts':
        "import 'zod'; import './b.ts'; import { createHash } from 'node:crypto';",
    },
  },
  {
    rule: 'coreIsPure',
    what: 'a moment that was given',
    files: {
      'packages/core/src/a.ts':
        "/** Not Date.now(). */ export const a = (ms: number) => new Date(ms); // fetch('x')",
    },
  },
  {
    rule: 'noEscapeHatches',
    what: 'words in a text',
    files: { 'test/a.ts': "const text = 'as any, a!.b'; const n = !a;" },
  },
  {
    rule: 'noTestSleeps',
    what: 'a deadline',
    files: {
      'test/a.test.ts': 'new Promise((resolve, reject) => setTimeout(() => reject(new Error()), 50));',
    },
  },
  { rule: 'namesSayWhatIsInside', what: 'a longer word', files: { 'packages/core/src/commonmark.ts': '' } },
  {
    rule: 'noPathsOfOneMachine',
    what: 'a route',
    files: { 'docs/a.md': 'apps/worker/src and https://example.org/home/x' },
  },
];

function table(...codes: string[]): string {
  return ['| Code | Meaning |', '|---|---|', ...codes.map((code) => `| \`${code}\` | \`other\` |`), ''].join(
    '\n',
  );
}

function reportsOf({ rule, files }: Control): string {
  return RULES[rule](fakeProject(files))
    .map(({ message }) => message)
    .join('\n');
}

test.each(BROKEN)('$rule reports: $what', (control) => {
  expect(reportsOf(control)).toMatch(control.says ?? /./);
});

test.each(FINE)('$rule lets pass: $what', (control) => {
  expect(reportsOf(control)).toBe('');
});

test('every rule has a control', () => {
  expect(new Set(BROKEN.map(({ rule }) => rule))).toEqual(new Set(Object.keys(RULES)));
});

test('a violation says where it is, also after characters of several bytes', () => {
  const text = "// é — 🙂\n\nexport const a = 'ü';\nexport const b = () => Date.now();\n";
  expect(RULES.coreIsPure(fakeProject({ 'packages/core/src/a.ts': text }))).toMatchObject([
    { file: 'packages/core/src/a.ts', line: 4 },
  ]);
});
