import type { components } from '@tidemark/client';
import { count } from '../output/figures.ts';
import { renderTable } from '../output/table.ts';
import { type Api, ask, type Mended } from '../remote/api.ts';

export type StreamResult = Mended<components['schemas']['StreamResult']>;
type Sample = Mended<components['schemas']['RecordSample']>;

export async function readResults(api: Api, syncId: string): Promise<readonly StreamResult[]> {
  const { data } = await ask(api.client.GET('/v1/syncs/{id}/results', { params: { path: { id: syncId } } }));
  return data;
}

const OUTCOMES = ['inserted', 'updated', 'skipped', 'stale', 'quarantined', 'deleted'] as const;

/** What a dry run would do: a line for each stream, then a few records of each outcome. */
export function renderSamples(results: readonly StreamResult[]): string[] {
  const columns = [{ title: 'STREAM' }, ...OUTCOMES.map((name) => column(name))];
  const rows = results.map(({ stream, records }) => [
    stream,
    ...OUTCOMES.map((name) => count(records[name])),
  ]);
  if (rows.length === 0) return ['It would do nothing.'];
  const samples = results.flatMap(({ stream, samples: kept }) =>
    OUTCOMES.flatMap((name) => (kept?.[name] ?? []).map((sample) => [stream, name, ...cells(sample)])),
  );
  return [...renderTable(columns, rows), ...withTitle('SAMPLE OF', samples)];
}

/** What a verification found: a line for each stream, then the records. */
export function renderFindings(results: readonly StreamResult[], repaired: boolean): string[] {
  const found = results.flatMap(({ stream, findings }) =>
    findings === null ? [] : [{ stream, ...findings }],
  );
  if (found.length === 0) return ['There was nothing to compare.'];
  const rows = found.map(({ stream, missing, differing, extra }) => [
    ...[stream, count(missing.count), count(differing.count)],
    extra === null ? 'unknown' : count(extra.count),
  ]);
  const columns = [{ title: 'STREAM' }, column('missing'), column('differing'), column('extra')];
  const records = found.flatMap(({ stream, missing, differing, extra }) =>
    Object.entries({ missing, differing, extra }).flatMap(([name, finding]) =>
      (finding?.records ?? []).map((sample) => [stream, name, ...cells(sample)]),
    ),
  );
  const deleted = results.reduce((sum, { records: { deleted } }) => sum + deleted, 0);
  const mended = `Written: what was missing or differed. Marked as deleted: ${count(deleted)} of what is extra.`;
  const note = repaired ? ['', mended] : [];
  return [...renderTable(columns, rows), ...withTitle('FOUND', records), ...note];
}

function column(name: string) {
  return { title: name.toUpperCase(), align: 'right' as const };
}

function withTitle(title: string, rows: readonly string[][]): string[] {
  if (rows.length === 0) return [];
  const columns = ['STREAM', title, 'RECORD', 'CHANGES'].map((name) => ({ title: name }));
  return ['', ...renderTable(columns, rows)];
}

function cells({ key, changes, reason }: Sample): string[] {
  const record = Object.entries(key).map(([name, value]) => `${name}=${value}`);
  const changed = (changes ?? []).map(({ field, from, to }) => {
    return from === null ? `${field}: ${show(to)}` : `${field}: ${show(from)} → ${show(to)}`;
  });
  return [record.join(' '), reason ?? changed.join('; ')];
}

const VALUE_MAX = 40;

function show(value: string | number | boolean | null): string {
  const text = JSON.stringify(value);
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX - 1)}…` : text;
}
