import { renderPairs } from '../output/table.ts';
import type { Paint } from '../output/terminal.ts';
import { DEFAULT_URL } from '../remote/api.ts';

export interface Places {
  apiUrl: string;
  adminKey: string;
  databaseUrl: string;
  workerPid: number;
  logDir: string;
  /** The Page, as the client commands may be told it. */
  account: string;
  /** Whether the API serves a page of its own at its root. */
  hasDashboard: boolean;
}

/** Where a person can go on from here. */
export function renderPlaces(places: Places, paint: Paint): string[] {
  const { apiUrl, adminKey, databaseUrl } = places;
  const pairs: [string, string][] = [
    ...(places.hasDashboard ? [['Dashboard', `${apiUrl}/`] as [string, string]] : []),
    ['API', `${apiUrl}/v1`],
    ['Reference', `${apiUrl}/docs`],
    ['Queues', `${apiUrl}/admin/queues  (any user name, the admin key as password)`],
    ['Admin key', adminKey],
    ['Database', `psql '${databaseUrl}'`],
    ['Logs', places.logDir],
    ['Worker', `kill -9 ${places.workerPid}  (another one takes over)`],
  ];
  const url = apiUrl === DEFAULT_URL ? '' : ` --url ${apiUrl}`;
  return [
    paint('bold', 'Where to look'),
    ...indent(renderPairs(pairs)),
    '',
    paint('bold', 'Try'),
    `  export TIDEMARK_ADMIN_KEY=${adminKey}`,
    `  curl -H "Authorization: Bearer $TIDEMARK_ADMIN_KEY" '${apiUrl}/v1/conversations?limit=2'`,
    `  ./script/tidemark sync ${places.account} --full --wait${url}`,
  ];
}

/** Two spaces before each line. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** The dashboard is there when the root answers with a page instead of leading elsewhere. */
export async function hasDashboard(apiUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${apiUrl}/`, { redirect: 'manual' });
    await response.body?.cancel();
    return response.status === 200 && (response.headers.get('content-type') ?? '').startsWith('text/html');
  } catch {
    return false;
  }
}
