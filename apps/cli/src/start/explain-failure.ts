import type { Environment } from '@tidemark/core/config';
import { messageOf } from '../exit-codes.ts';

/** Why a start failed, in one line that names the remedy where we know it. */
export function explainFailure(error: unknown, environment: Pick<Environment, 'HOST' | 'PORT'>): string {
  const code = codeOf(error);
  if (code === 'EADDRINUSE')
    return `Port ${environment.PORT} is in use. Set PORT to another one, or to 0 for any.`;
  if (code === 'EACCES') return `Port ${environment.PORT} needs more rights. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL') return `HOST ${environment.HOST} is no address of this machine.`;
  if (code === 'ECONNREFUSED') return `PostgreSQL or Redis does not answer: ${messageOf(error)}.`;
  return messageOf(error);
}

/** Whether the error is one of ours or of the system: its message says it all, and a stack would only hide it. */
export function isExpected(error: unknown): boolean {
  return codeOf(error) !== undefined;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
