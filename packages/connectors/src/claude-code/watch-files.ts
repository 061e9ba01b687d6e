import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ClaudeCodeConfig, SessionFiles } from './config.ts';
import { resolveRoots } from './roots.ts';

/** New folders are found within this, should the news of them be lost: the system's queue of events is finite. */
const RESCAN_MS = 30_000;
/** One folder each: a system allows some thousands. Folders beyond are found by their rescan. */
const FOLDERS_MAX = 4_000;

export interface WatchFiles {
  config: ClaudeCodeConfig;
  files: SessionFiles;
  signal: AbortSignal;
  onChange: () => void;
}

/**
 * Tells of changes below the roots until the signal aborts. Every folder is watched by itself: on Linux that tells of
 * appends to the files in it, and costs one handle where a watched file each would cost thousands.
 */
export async function watchFiles({ config, files, signal, onChange }: WatchFiles): Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  const { promise: aborted, resolve: onAbort } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => onAbort(), { once: true });
  if (signal.aborted) onAbort();

  let scanning: Promise<void> = Promise.resolve();
  const rescan = () => {
    scanning = scanning.then(() => scan()).catch(() => {});
  };
  const scan = async (): Promise<void> => {
    const folders = await listFolders(await resolveRoots(config, files), signal);
    for (const folder of folders) if (!watchers.has(folder)) add(folder);
  };
  const add = (folder: string): void => {
    try {
      const watcher = watch(folder, { persistent: false }, (event) => {
        onChange();
        // A folder may have come, with files in it already.
        if (event === 'rename') rescan();
      });
      const drop = () => {
        watcher.close();
        watchers.delete(folder);
      };
      watcher.on('error', drop);
      watchers.set(folder, watcher);
    } catch {
      // Gone, or the system allows no more: the rescan tries again, and asks for a sync anyway.
    }
  };
  await scan();
  const timer = setInterval(() => {
    onChange();
    rescan();
  }, RESCAN_MS).unref();
  try {
    await aborted;
  } finally {
    clearInterval(timer);
    await scanning;
    for (const watcher of watchers.values()) watcher.close();
  }
}

async function listFolders(roots: readonly string[], signal: AbortSignal): Promise<string[]> {
  const folders = [...roots];
  for (let index = 0; index < folders.length && folders.length < FOLDERS_MAX && !signal.aborted; index += 1) {
    const folder = folders[index] ?? '';
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isDirectory()) folders.push(path.join(folder, entry.name));
  }
  return folders;
}
