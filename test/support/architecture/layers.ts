import { allImports, type Import, packageNameOf, resolveImport } from './imports.ts';
import { isProduction, type Project, type Rule, type Violation, workspaceOf } from './project.ts';

/** Which of our packages the code of each may import. Everything not listed here has to be added on purpose. */
const ALLOWED: Record<string, readonly string[]> = {
  'packages/core': [],
  'packages/client': [],
  'packages/sandbox': [],
  'packages/db': ['packages/core'],
  'packages/queue': ['packages/core'],
  'packages/connectors': ['packages/core'],
  'apps/api': ['packages/core', 'packages/db', 'packages/queue', 'packages/connectors'],
  'apps/worker': ['packages/core', 'packages/db', 'packages/queue', 'packages/connectors'],
  'apps/dashboard': ['packages/client'],
  // The composition of everything in one process.
  'apps/cli': [
    'packages/core',
    'packages/db',
    'packages/queue',
    'packages/connectors',
    'packages/client',
    'packages/sandbox',
    'apps/api',
    'apps/worker',
  ],
};

/** Packages of others that belong to one place. */
const RESERVED: readonly { names: RegExp; place: RegExp; where: string }[] = [
  { names: /^bullmq$/, place: /^packages\/queue\//, where: 'packages/queue' },
  { names: /^@bull-board\//, place: /^apps\/api\/src\/plugins\//, where: 'apps/api/src/plugins' },
  { names: /^bottleneck$/, place: /^apps\/worker\/src\/limiter\//, where: 'apps/worker/src/limiter' },
  { names: /^(drizzle-orm|postgres)$/, place: /^packages\/db\//, where: 'packages/db' },
];

/** Imports run down only, and no code reaches into another package past its exports. */
export const importsRunDown: Rule = (project) =>
  productionImports(project).flatMap((found) => {
    const from = workspaceOf(found.from.path);
    const target = resolveImport(project, found);
    if (target === undefined) return [];
    const to = workspaceOf(`${target}/`);
    if (to === from) return [];
    if (found.specifier.startsWith('.'))
      return [violation(found, `reaches out of ${from} by a relative path`)];
    if ((ALLOWED[from] ?? []).includes(to)) return [];
    return [violation(found, `${from} may not import ${to}`)];
  });

/** `core` is true without any machine: zod, and hashes where hashes are made. */
export const coreImportsNothing: Rule = (project) =>
  productionImports(project).flatMap((found) => {
    if (workspaceOf(found.from.path) !== 'packages/core' || found.specifier.startsWith('.')) return [];
    if (packageNameOf(found.specifier) === 'zod' || found.specifier.startsWith('@tidemark/')) return [];
    const isHashing = found.from.path.startsWith('packages/core/src/hashing/');
    if (found.specifier === 'node:crypto' && isHashing) return [];
    return [violation(found, `core may not import ${found.specifier}`)];
  });

/** What a library is used for is decided in one place, which hides it from the others. */
export const librariesStayInTheirPlace: Rule = (project) =>
  productionImports(project).flatMap((found) => {
    const name = packageNameOf(found.specifier) ?? '';
    const reserved = RESERVED.find(({ names }) => names.test(name));
    if (reserved === undefined || reserved.place.test(found.from.path)) return [];
    return [violation(found, `only ${reserved.where} imports ${name}`)];
  });

function productionImports(project: Project): Import[] {
  return allImports(project, isProduction);
}

function violation({ from, line }: Import, message: string): Violation {
  return { file: from.path, line, message };
}
