import { homedir } from 'node:os';
import path from 'node:path';
import type { SessionFiles } from '@tidemark/connectors';
import type { Environment } from '@tidemark/core/config';

/** Where session files are on this machine: as Claude Code itself looks for them, and where an operator allows more. */
export function sessionFilesOf(
  environment: Pick<Environment, 'CLAUDE_CONFIG_DIR' | 'SESSION_ROOTS'>,
): SessionFiles {
  const home = homedir();
  const usual = [path.join(home, '.claude'), path.join(home, '.config', 'claude')];
  const given = foldersOf(environment.CLAUDE_CONFIG_DIR);
  return {
    defaultRoots: (given.length > 0 ? given : usual).map((folder) => path.join(folder, 'projects')),
    allowedRoots: foldersOf(environment.SESSION_ROOTS),
  };
}

function foldersOf(list: string | undefined): string[] {
  const names = (list ?? '').split(',').map((name) => name.trim());
  return names.filter((name) => name !== '').map((name) => path.resolve(name));
}
