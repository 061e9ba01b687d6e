import { count, countOf, duration } from './figures.ts';
import type { Paint } from './terminal.ts';

/** What is known of a sync at one moment. */
export interface ProgressState {
  /** A word for what goes on: `running`, `queued`, `reconnecting`. */
  status: string;
  /** Figures by what is counted, in the order they are shown. */
  counts: readonly { label: string; value: number }[];
  /** From 0 to 100; null where nobody knows how much there is. */
  percent: number | null;
  /** Records per second. */
  rate: number | null;
  elapsedMs: number;
}

export interface LineOptions {
  /** Characters the line may take. */
  columns: number;
  paint: Paint;
}

const GAP = '  ';
const BAR_MAX = 30;
const STATUS_WIDTH = 'completed'.length;
const BAR_MIN = 8;

/** One line without a bar, for logs and pipes. */
export function renderPlainProgress(state: ProgressState): string {
  return [...leading(state), ...figures(state)].join(GAP);
}

/**
 * One line with a bar that fits into the columns: the bar gets smaller first, then figures are left out from the
 * right, so that the line is never wrapped.
 */
export function renderProgress(state: ProgressState, { columns, paint }: LineOptions): string {
  const head = leading(state).join(GAP);
  const parts = figures(state);
  const least = state.percent === null ? 0 : BAR_MIN + GAP.length;
  while (parts.length > 0 && lengthOf(head, parts) + least > columns) parts.pop();
  const room = columns - lengthOf(head, parts) - GAP.length;
  if (state.percent === null || room < BAR_MIN) return [head, ...parts].join(GAP).slice(0, columns);
  return [head, renderBar(Math.min(BAR_MAX, room), state.percent, paint), ...parts].join(GAP);
}

function leading({ status, percent }: ProgressState): string[] {
  // As wide as most of them, so that the line does not jump when one follows the other.
  const word = status.padEnd(STATUS_WIDTH);
  return percent === null ? [word] : [word, `${String(Math.floor(percent)).padStart(3)} %`];
}

function figures({ counts, rate, elapsedMs }: ProgressState): string[] {
  const counted = counts.map(({ label, value }) => countOf(value, label));
  return [...counted, ...(rate === null ? [] : [`${count(rate)}/s`]), duration(elapsedMs)];
}

function lengthOf(head: string, parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + GAP.length + part.length, head.length);
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function renderBar(width: number, percent: number, paint: Paint): string {
  const eighths = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width * 8);
  const full = Math.floor(eighths / 8);
  const done = '█'.repeat(full) + (EIGHTHS[eighths % 8] ?? '');
  return paint('cyan', done) + paint('gray', '░'.repeat(width - done.length));
}
