import { allImports, packageNameOf } from './imports.ts';
import {
  isProduction,
  type Manifest,
  type Project,
  type Rule,
  type Violation,
  workspaceOf,
} from './project.ts';

/** Dependencies that another dependency loads: ours is the version it gets. */
const LOADED_BY_OTHERS: Record<string, readonly string[]> = {
  // By BullMQ's PostgreSQL backend.
  'packages/queue': ['pg'],
  // By @commander-js/extra-typings.
  'apps/cli': ['commander'],
  // By openapi-typescript, which needs the compiler's JavaScript interface.
  'packages/client': ['typescript'],
};

/** Every import is declared: of production code in its own package, of tests and tools there or in the root. */
export const everyImportIsDeclared: Rule = (project) =>
  allImports(project).flatMap(({ from, line, specifier }) => {
    const name = packageNameOf(specifier);
    if (name === undefined) return [];
    const folder = workspaceOf(from.path);
    const manifest = project.manifests.get(folder);
    if (manifest === undefined || manifest.name === name) return [];
    const declared = isProduction(from) ? manifest.dependencies : withDevelopment(manifest);
    const root = isProduction(from) ? {} : withDevelopment(project.manifests.get(''));
    if (name in declared || name in root) return [];
    return [{ file: from.path, line, message: `${name} is not declared in ${folder || '.'}/package.json` }];
  });

function withDevelopment(manifest: Manifest | undefined): Record<string, string> {
  return { ...manifest?.dependencies, ...manifest?.devDependencies, ...manifest?.peerDependencies };
}

/**
 * Every declared dependency is used: imported, or named in a string (a program to run, a package to resolve) by a
 * file it is declared for.
 */
export const everyDependencyIsUsed: Rule = (project) =>
  [...project.manifests].flatMap(([folder, manifest]) => [
    ...unusedOf(project, folder, Object.keys(manifest.dependencies), folder !== ''),
    ...unusedOf(project, folder, Object.keys(manifest.devDependencies), false),
  ]);

function unusedOf(project: Project, folder: string, names: string[], inProductionOnly: boolean): Violation[] {
  const scripts = Object.values(project.manifests.get(folder)?.scripts ?? {}).join('\n');
  const texts = project.files
    .filter((file) => folder === '' || file.path.startsWith(`${folder}/`))
    .filter((file) => (inProductionOnly ? isProduction(file) : !/package\.json$|\.md$/.test(file.path)))
    .map((file) => file.text);
  return names
    .filter((name) => !(LOADED_BY_OTHERS[folder] ?? []).includes(name))
    .filter((name) => !isUsed(name, texts, scripts) && !isTool(name, project))
    .map((name) => ({
      file: `${folder}${folder && '/'}package.json`,
      message: `${name} is declared and not used`,
    }));
}

function isUsed(name: string, texts: string[], scripts: string): boolean {
  if (new RegExp(`(^|[ /])${name.replace(/^@[^/]+\//, '')}( |$)`, 'm').test(scripts)) return true;
  const quoted = new RegExp(`['"\`/]${name}['"\`/]`);
  const run = new RegExp(`node_modules/${name}/`);
  return texts.some((text) => quoted.test(text) || run.test(text));
}

/** Used by being there: types for the compiler, and tools that are configured by a file of their own name. */
function isTool(name: string, project: Project): boolean {
  if (name.startsWith('@types/')) return true;
  return project.files.some(({ path }) => path === `${name}.json`);
}
