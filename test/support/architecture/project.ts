import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A text file of the repository; its path is relative to the root, with `/`. */
export interface SourceFile {
  path: string;
  text: string;
}

/** What the rules read of a `package.json`. */
export interface Manifest {
  name: string;
  /** Package-internal path to the file that its sources are in. */
  exports: Record<string, string>;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** The repository as the rules see it. */
export interface Project {
  files: readonly SourceFile[];
  /** By folder, '' for the root. */
  manifests: ReadonlyMap<string, Manifest>;
}

/** Something that breaks a rule. */
export interface Violation {
  file: string;
  line?: number;
  message: string;
}

/** A rule of the architecture: finds what breaks it. */
export type Rule = (project: Project) => Violation[];

const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', '.tidemark', '.turbo', 'coverage']);
const TEXT = /\.(ts|tsx|mts|js|mjs|cjs|json|md|css|html|sql|sh|ya?ml|txt|svg)$|^[^.]+$/;
const GENERATED = /(^|\/)generated\/|^drizzle\/meta\/|^pnpm-lock\.yaml$|\.tsbuildinfo$/;

/** Reads all text files that people wrote. */
export function readProject(root: string): Project {
  const files: SourceFile[] = [];
  for (const relative of listFiles(root, '')) {
    files.push({ path: relative, text: readFileSync(path.join(root, relative), 'utf8') });
  }
  return projectOf(files);
}

/** A project from texts by path: for the tests of the rules. */
export function fakeProject(texts: Record<string, string>): Project {
  return projectOf(Object.entries(texts).map(([name, text]) => ({ path: name, text })));
}

function projectOf(files: SourceFile[]): Project {
  const manifests = new Map<string, Manifest>();
  for (const { path: name, text } of files) {
    if (path.basename(name) !== 'package.json') continue;
    const folder = path.posix.dirname(name);
    manifests.set(folder === '.' ? '' : folder, parseManifest(text));
  }
  return { files, manifests };
}

function parseManifest(json: string): Manifest {
  const read: Partial<Record<string, unknown>> = JSON.parse(json);
  return {
    name: String(read.name),
    exports: stringsIn(read.exports, (value) => stringsIn(value).source),
    scripts: stringsIn(read.scripts),
    dependencies: stringsIn(read.dependencies),
    devDependencies: stringsIn(read.devDependencies),
    peerDependencies: stringsIn(read.peerDependencies),
  };
}

/** The entries of an object whose values are strings, or are made strings of. */
function stringsIn(
  value: unknown,
  read: (value: unknown) => unknown = (same) => same,
): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).map(([key, found]): [string, unknown] => [key, read(found)]);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function* listFiles(root: string, folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) yield* listFiles(root, relative);
    } else if (entry.isFile() && TEXT.test(entry.name) && !GENERATED.test(relative)) {
      yield relative;
    }
  }
}

/** Whether the file is JavaScript or TypeScript. */
export function isCode(file: SourceFile): boolean {
  return /\.(ts|tsx|mts|mjs|cjs|js)$/.test(file.path);
}

/** Whether the file is part of what runs in production. */
export function isProduction(file: SourceFile): boolean {
  return isCode(file) && /^(packages|apps)\/[^/]+\/src\//.test(file.path);
}

/** Whether the file belongs to the tests: their support included. */
export function isTestCode(file: SourceFile): boolean {
  return isCode(file) && /^(test|(packages|apps)\/[^/]+\/test)\//.test(file.path);
}

/** The workspace folder a file is in, such as `packages/core`; '' for the root. */
export function workspaceOf(filePath: string): string {
  return /^(?:packages|apps)\/[^/]+(?=\/)/.exec(filePath)?.[0] ?? '';
}
