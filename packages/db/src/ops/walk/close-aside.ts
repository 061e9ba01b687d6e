import type postgres from 'postgres';
import { findExtra } from './find-extra.ts';
import type { Walk } from './walk.ts';
import { forgetVersions } from './walk-versions.ts';

/**
 * The end of a walk that has a place of its own, inside the transaction of its last page. A verification says what it did
 * not see, if it saw everything else. What the walk remembered serves nobody any more.
 */
export async function closeAside(
  tx: postgres.TransactionSql,
  page: { syncId: string; connectionId: string; walk: Walk },
): Promise<void> {
  const [sync] = await tx<{ partial: boolean }[]>`SELECT partial FROM syncs WHERE id = ${page.syncId}`;
  if (page.walk.purpose === 'verify' && sync?.partial === false) await findExtra(tx, page);
  await forgetVersions(tx, page.connectionId);
}
