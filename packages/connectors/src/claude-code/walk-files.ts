import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { compareCodePoints } from '@tidemark/core/hashing';
import { fileErrorCode, isMissing, isUnreadable } from './file-errors.ts';
import { isWithin } from './roots.ts';

/** What a walk comes by, in the order of the code points of its paths. */
export type Found =
  | { kind: 'file'; path: string; root: string; stat: BigIntStats }
  /** A file or folder (its path then ends in a separator) that cannot be looked at, with the code why. */
  | { kind: 'unreadable'; path: string; code: string };

/** A tree that is deeper is one that leads back into itself in a way we do not notice. */
const DEPTH_MAX = 40;
/** An index of PostgreSQL holds no longer key. */
const PATH_BYTES_MAX = 2_000;
const STATS_AT_ONCE = 128;

interface Folder {
  path: string;
  real: string;
  root: string;
  roots: readonly string[];
  /** The folders above it, links followed: to come back to one of them is a loop. */
  above: readonly string[];
}

/**
 * Every `*.jsonl` below the roots whose path comes after `after`, in order: a walk can go on where it stopped, and what
 * lies between two paths is known to be all there is. Folders that end before `after` are not even opened. Links are
 * followed, but not to where the walk comes anyway, and not in circles.
 */
export async function* walkFiles(
  roots: readonly string[],
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  for (const root of roots) {
    yield* walkFolder({ path: root, real: root, root, roots, above: [] }, after, signal);
  }
}

async function* walkFolder(folder: Folder, after: string | null, signal: AbortSignal): AsyncGenerator<Found> {
  signal.throwIfAborted();
  const prefix = folder.path + path.sep;
  if (after !== null && !after.startsWith(prefix) && compareCodePoints(after, prefix) > 0) return;
  const entries = await listFolder(folder.path);
  if (typeof entries === 'string') {
    if (entries !== '') yield { kind: 'unreadable', path: prefix, code: entries };
    return;
  }
  const candidates = entries.filter(
    ({ key }) => after === null || key.isFolder || compareCodePoints(key.path, after) > 0,
  );
  for (let index = 0; index < candidates.length; ) {
    const candidate = candidates[index];
    if (candidate?.key.isFolder) {
      yield* descend(folder, candidate, after, signal);
      index += 1;
      continue;
    }
    const run = candidates.slice(index, index + STATS_AT_ONCE);
    const end = run.findIndex(({ key }) => key.isFolder);
    const files = end === -1 ? run : run.slice(0, end);
    const looks = await Promise.all(files.map(({ key, entry }) => look(key.path, entry, folder)));
    for (const found of looks) if (found !== null) yield found;
    index += files.length;
  }
}

interface Entry {
  entry: Dirent;
  /** What it is ordered by: for a folder, what the paths of its files begin with. */
  key: { path: string; isFolder: boolean };
}

/** The entries of interest in order, or the code of why there are none to be had; empty: it is gone. */
async function listFolder(folder: string): Promise<Entry[] | string> {
  try {
    const entries: Entry[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(full)));
      if (!isFolder && !entry.name.endsWith('.jsonl')) continue;
      entries.push({ entry, key: { path: isFolder ? full + path.sep : full, isFolder } });
    }
    return entries.sort((one, other) => compareCodePoints(one.key.path, other.key.path));
  } catch (error) {
    if (isMissing(error)) return '';
    if (isUnreadable(error)) return fileErrorCode(error) ?? 'EACCES';
    throw error;
  }
}

async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

async function* descend(
  folder: Folder,
  { entry, key }: Entry,
  after: string | null,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const inner = key.path.slice(0, -path.sep.length);
  const above = [...folder.above, folder.real];
  if (above.length >= DEPTH_MAX) {
    yield { kind: 'unreadable', path: key.path, code: 'ELOOP' };
    return;
  }
  let real = path.join(folder.real, entry.name);
  if (entry.isSymbolicLink()) {
    const target = await realpath(inner).catch(() => null);
    const isKnown = target === null || above.includes(target) || isBelowRoots(target, folder.roots);
    if (isKnown) return;
    real = target;
  }
  yield* walkFolder({ ...folder, path: inner, real, above }, after, signal);
}

function isBelowRoots(target: string, roots: readonly string[]): boolean {
  return roots.some((root) => target === root || isWithin(target, root));
}

async function look(file: string, entry: Dirent, folder: Folder): Promise<Found | null> {
  if (Buffer.byteLength(file) > PATH_BYTES_MAX)
    return { kind: 'unreadable', path: file, code: 'ENAMETOOLONG' };
  try {
    if (entry.isSymbolicLink() && isBelowRoots(await realpath(file), folder.roots)) return null;
    const found = await stat(file, { bigint: true });
    return found.isFile() ? { kind: 'file', path: file, root: folder.root, stat: found } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    if (isUnreadable(error))
      return { kind: 'unreadable', path: file, code: fileErrorCode(error) ?? 'EACCES' };
    throw error;
  }
}
