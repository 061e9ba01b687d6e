import type { components } from '@tidemark/client';
import { count } from '../output/figures.ts';
import { renderTable } from '../output/table.ts';
import type { Api } from '../remote/api.ts';
import { listAll } from '../remote/list-all.ts';

export type Decision = components['schemas']['SyncDecision'];

/** What a sync decided about each session, in the order of their ids. */
export function listDecisions(api: Api, syncId: string): Promise<Decision[]> {
  return listAll((query) =>
    api.client.GET('/v1/syncs/{id}/decisions', { params: { path: { id: syncId }, query } }),
  );
}

const COLUMNS = ['DECISION', 'SUBJECT', 'NEW', 'CHANGED', 'WHY'].map((title) => ({ title }));
/** Of those that are skipped for the same reason, so many are named; `--json` has them all. */
const ALIKE_MAX = 20;

/** A line for each decision; many that are skipped for one reason are summed up. */
export function describeDecisions(decisions: readonly Decision[]): string[] {
  const byReason = Map.groupBy(decisions, ({ decision, reason }) => (decision === 'skip' ? reason : ''));
  const summed = [...byReason].filter(([reason, alike]) => reason !== '' && alike.length > ALIKE_MAX);
  const left = decisions.filter((one) => !summed.some(([, alike]) => alike.includes(one)));
  const rows = left.map((one) => [
    ...[one.decision, one.subject, count(one.inserted), count(one.updated), one.reason],
  ]);
  const sums = summed.map(([reason, alike]) => `skip    ${count(alike.length)} more: ${reason}`);
  return [...(rows.length > 0 ? renderTable(COLUMNS, rows) : []), ...sums];
}
