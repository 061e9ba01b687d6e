import { type ProgressState, renderPlainProgress, renderProgress } from './progress-line.ts';
import type { Terminal } from './terminal.ts';

/** Shows progress while it lasts. */
export interface ProgressDisplay {
  update(state: ProgressState): void;
  /** A line that stays, above the progress. */
  say(line: string): void;
  /** Leaves the last state standing; nothing is drawn any more. */
  finish(): void;
}

const REDRAW_MS = 100;
const LINE_MS = 1_000;
const CLEAR_LINE = '\r\u001b[K';

/**
 * On a terminal one line that is redrawn, at most ten times a second. Elsewhere a line when the figures have changed,
 * at most one a second.
 */
export function progressDisplay(terminal: Terminal, now: () => number = Date.now): ProgressDisplay {
  const draw = terminal.isInteractive ? redrawnLine(terminal) : separateLines(terminal);
  const everyMs = terminal.isInteractive ? REDRAW_MS : LINE_MS;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let latest: ProgressState | null = null;
  let isDrawn = true;
  let isFinished = false;
  const drawLatest = () => {
    if (latest !== null) draw.state(latest);
    drawnAt = now();
    isDrawn = true;
  };
  return {
    update: (state) => {
      if (isFinished) return;
      latest = state;
      isDrawn = false;
      if (now() - drawnAt >= everyMs) drawLatest();
    },
    say: (line) => {
      draw.line(line);
      if (latest !== null && terminal.isInteractive) drawLatest();
    },
    finish: () => {
      if (isFinished) return;
      isFinished = true;
      if (!isDrawn) drawLatest();
      draw.end();
    },
  };
}

interface Drawing {
  state(state: ProgressState): void;
  line(text: string): void;
  end(): void;
}

function redrawnLine(terminal: Terminal): Drawing {
  let isOpen = false;
  return {
    state: (state) => {
      isOpen = true;
      // The last column stays free: some terminals wrap as soon as it is written.
      const options = { columns: terminal.columns - 3, paint: terminal.paint };
      terminal.write(`${CLEAR_LINE}  ${renderProgress(state, options)}`);
    },
    line: (text) => terminal.write(`${isOpen ? CLEAR_LINE : ''}${text}\n`),
    end: () => {
      if (isOpen) terminal.write('\n');
      isOpen = false;
    },
  };
}

function separateLines(terminal: Terminal): Drawing {
  let last = '';
  return {
    state: (state) => {
      // The time that passes alone is no news.
      const news = JSON.stringify({ ...state, elapsedMs: 0 });
      if (news === last) return;
      last = news;
      terminal.print(`  ${renderPlainProgress(state)}`);
    },
    line: (text) => terminal.print(text),
    end: () => {},
  };
}
