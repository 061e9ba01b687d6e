/** What is suspicious about a sync that completed. It never stays green without a word (E24). */
export const WARNING_CODES = [
  'first_page_empty',
  'result_empty',
  'result_small',
  'sweep_held',
  'sweep_skipped',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

export interface SyncWarning {
  code: WarningCode;
  stream: string;
  message: string;
}

/** A full walk that reads less than this share of what the last one read is suspicious. */
export const SMALL_SHARE = 0.5;
/** From this many records on: of a handful, half are gone soon. */
export const SMALL_OF_MIN = 10;

/**
 * What a complete walk read of one stream, against the last complete walk. Nothing where there was something is always
 * suspicious; less than half where there were ten or more, too. More never is.
 */
export function judgeResult(result: { stream: string; read: number; before: number }): SyncWarning | null {
  const { stream, read, before } = result;
  if (before === 0 || read >= before) return null;
  if (read === 0) {
    const message = `Nothing was read of "${stream}"; the last full sync read ${before} records.`;
    return { code: 'result_empty', stream, message };
  }
  if (before < SMALL_OF_MIN || read >= before * SMALL_SHARE) return null;
  const message = `Only ${read} records of "${stream}" were read; the last full sync read ${before}.`;
  return { code: 'result_small', stream, message };
}
