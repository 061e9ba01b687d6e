import type { SyncPurpose } from '@tidemark/core/contracts';

/** What the walk of a sync is for, and what becomes of its writes; see `syncs` in the schema. */
export interface Walk {
  dryRun: boolean;
  purpose: SyncPurpose;
}

/** Whether the walk has a place of its own (`walk_state`), and leaves that of the connection (`sync_state`) alone. */
export function isAside({ dryRun, purpose }: Walk): boolean {
  return dryRun || purpose === 'verify';
}
