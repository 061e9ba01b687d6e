import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { SourceError } from '@tidemark/core/failure';
import { compareCodePoints } from '@tidemark/core/hashing';
import type { ClaudeCodeConfig, SessionFiles } from './config.ts';
import { isMissing } from './file-errors.ts';

/**
 * The folders to walk, in order, none within another. Throws SourceError when there is none, or when a configuration
 * names a folder that this installation does not let connections read.
 */
export async function resolveRoots(config: ClaudeCodeConfig, files: SessionFiles): Promise<string[]> {
  const wanted = config.root === undefined ? files.defaultRoots : [config.root];
  const found = await existing(wanted);
  const first = wanted[0] ?? '';
  if (found.length === 0) {
    const message = `There is no folder ${wanted.join(' or ') || '(none is configured)'}.`;
    const action = 'Create it, or name another one as the root of the connection.';
    throw new SourceError({ kind: 'invalidRequest', code: 'source_unavailable', message, action });
  }
  if (config.root !== undefined) await demandAllowed(first, found, files);
  const roots = [...new Set(found)].sort((a, b) => compareCodePoints(`${a}/`, `${b}/`));
  return roots.filter((root) => !roots.some((other) => other !== root && isWithin(root, other)));
}

async function demandAllowed(root: string, found: readonly string[], files: SessionFiles): Promise<void> {
  const allowed = await existing([...files.allowedRoots, ...files.defaultRoots]);
  if (found.every((real) => allowed.some((folder) => real === folder || isWithin(real, folder)))) return;
  throw new SourceError({
    kind: 'invalidRequest',
    code: 'source_forbidden',
    message: `This installation lets no connection read ${root}.`,
    action: 'Add the folder to SESSION_ROOTS of the worker.',
  });
}

/** As they are when links are followed, so that no link leads out of what is allowed. */
async function existing(folders: readonly string[]): Promise<string[]> {
  const real = await Promise.all(
    folders.map((folder) =>
      realpath(folder).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw new SourceError(
          { kind: 'transient', code: 'source_unavailable', message: `${folder} cannot be read.` },
          { cause: error },
        );
      }),
    ),
  );
  return real.filter((folder) => folder !== null);
}

export function isWithin(inner: string, outer: string): boolean {
  return inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep);
}
