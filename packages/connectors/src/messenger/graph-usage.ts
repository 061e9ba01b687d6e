import type { PoolUsage, SourceAnswer } from '@tidemark/core/connector';
import { z } from 'zod';
import type { MessengerConfig } from './config.ts';

/** Spent by every Page of the app: X-App-Usage, error 4. */
export const APP_POOL = 'messenger:app';

export function pagePool(pageId: string): string {
  return `messenger:page:${pageId}`;
}

/** When a budget is used up and the source does not say for how long. */
const PAUSE_UNTOLD_MS = 60_000;

const MINUTE_MS = 60_000;

const usage = z.looseObject({
  type: z.string().optional(),
  call_count: z.number().optional(),
  total_cputime: z.number().optional(),
  total_time: z.number().optional(),
  estimated_time_to_regain_access: z.number().optional(),
});
type Usage = z.infer<typeof usage>;

/** By object id; some answers hold an object where the documentation promises a list. */
const businessUsage = z.record(z.string(), z.union([z.array(usage), usage.transform((one) => [one])]));

/** A header that is missing, empty or malformed tells nothing and is never an error. */
function readHeader<T>(schema: z.ZodType<T>, header: string | undefined): T | null {
  if (header === undefined || header === '') return null;
  try {
    return schema.safeParse(JSON.parse(header)).data ?? null;
  } catch {
    return null;
  }
}

/** Calls are refused as soon as any of the three figures reaches 100 percent. */
function shareOf(item: Usage): number {
  return Math.max(item.call_count ?? 0, item.total_cputime ?? 0, item.total_time ?? 0) / 100;
}

function pauseOf(usedShare: number, regainMinutes: number): number | null {
  if (regainMinutes > 0) return regainMinutes * MINUTE_MS;
  return usedShare >= 1 ? PAUSE_UNTOLD_MS : null;
}

function businessItems(answer: SourceAnswer, pageId: string): Usage[] {
  const all = readHeader(businessUsage, answer.headers['x-business-use-case-usage']);
  return all !== null && Object.hasOwn(all, pageId) ? (all[pageId] ?? []) : [];
}

/** How long the Page's budget is shut by the source's own word, in milliseconds; null when it does not say. */
export function regainAccessMs(answer: SourceAnswer, pageId: string): number | null {
  const minutes = Math.max(
    0,
    ...businessItems(answer, pageId).map((item) => item.estimated_time_to_regain_access ?? 0),
  );
  if (minutes > 0) return minutes * MINUTE_MS;
  const retryAfter = Number(answer.headers['retry-after']);
  return Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter * 1000 : null;
}

/**
 * The usage headers of the Graph API, in percent of the budget.
 * Source: developers.facebook.com/docs/graph-api/overview/rate-limiting; X-Page-Usage is practice of public clients.
 */
export function graphUsage(answer: SourceAnswer, config: MessengerConfig): PoolUsage[] {
  const reports: PoolUsage[] = [];
  const app = readHeader(usage, answer.headers['x-app-usage']);
  if (app !== null) {
    const usedShare = shareOf(app);
    reports.push({ pool: APP_POOL, usedShare, pauseForMs: pauseOf(usedShare, 0) });
  }
  const page = readHeader(usage, answer.headers['x-page-usage']);
  const items = [...(page === null ? [] : [page]), ...businessItems(answer, config.pageId)];
  if (items.length > 0) {
    const usedShare = Math.max(...items.map(shareOf));
    const regain = Math.max(...items.map((item) => item.estimated_time_to_regain_access ?? 0));
    reports.push({ pool: pagePool(config.pageId), usedShare, pauseForMs: pauseOf(usedShare, regain) });
  }
  return reports;
}
