import path from 'node:path';
import { isCode, type Project, type SourceFile } from './project.ts';
import { isNode, nodesIn, parse, textOf, walk } from './syntax.ts';

/** One import, in any of its forms: static, re-export, dynamic, in a type. */
export interface Import {
  from: SourceFile;
  line: number;
  /** As written. */
  specifier: string;
}

/** All imports of a file. */
export function importsOf(file: SourceFile): Import[] {
  const { root, lineOf } = parse(file);
  const found: Import[] = [];
  walk(root, (node) => {
    let source: unknown;
    if (/^(ImportDeclaration|ExportNamedDeclaration|ExportAllDeclaration)$/.test(node.type))
      source = node.source;
    else if (node.type === 'TsImportType') source = node.argument;
    else if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Import') {
      source = nodesIn(node.arguments)[0];
    }
    const specifier = textOf(source);
    if (specifier !== undefined) found.push({ from: file, line: lineOf(node), specifier });
  });
  return found;
}

/** All imports of the files that fit. */
export function allImports(project: Project, fits: (file: SourceFile) => boolean = isCode): Import[] {
  return project.files.filter((file) => isCode(file) && fits(file)).flatMap(importsOf);
}

/** The package an import names, without the path inside it; `undefined` for relative and built-in ones. */
export function packageNameOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

/** The file of the repository an import leads to; `undefined` for what others wrote. */
export function resolveImport(project: Project, { from, specifier }: Import): string | undefined {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from.path), specifier);
  const name = packageNameOf(specifier);
  if (name === undefined) return undefined;
  for (const [folder, manifest] of project.manifests) {
    if (manifest.name !== name || folder === '') continue;
    const target = resolveExport(manifest.exports, `.${specifier.slice(name.length)}`);
    return target === undefined ? folder : path.posix.join(folder, target);
  }
  return undefined;
}

/** The source of an exported path, by Node's rules as far as our packages use them. */
function resolveExport(exported: Record<string, string>, wanted: string): string | undefined {
  for (const [pattern, source] of Object.entries(exported)) {
    if (pattern === wanted) return source;
    const [before = '', after] = pattern.split('*');
    if (after === undefined || !wanted.startsWith(before) || !wanted.endsWith(after)) continue;
    return source.replace('*', wanted.slice(before.length, wanted.length - after.length));
  }
  return undefined;
}
