/** The code of an error of the file system; null for any other error. */
export function fileErrorCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** It was there a moment ago, or never. */
export function isMissing(error: unknown): boolean {
  const code = fileErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const OF_THIS_FILE = new Set(['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR', 'EINVAL']);

/** Whether the fault is this file's, so that the walk goes on without it. Others, such as EMFILE and EIO, pass. */
export function isUnreadable(error: unknown): boolean {
  return OF_THIS_FILE.has(fileErrorCode(error) ?? '');
}
