import { describe, expect, test } from '@jest/globals';
import { progressDisplay } from '../src/output/progress-display.ts';
import type { ProgressState } from '../src/output/progress-line.ts';
import { recordingTerminal } from './recording-terminal.ts';

function state(value: number, elapsedMs = 0): ProgressState {
  return { status: 'running', counts: [{ label: 'messages', value }], percent: null, rate: null, elapsedMs };
}

function display(isInteractive: boolean) {
  const terminal = recordingTerminal({ isInteractive });
  const clock = { now: 0 };
  return { terminal, clock, shown: progressDisplay(terminal, () => clock.now) };
}

describe('without a terminal', () => {
  test('a line is written when figures changed, at most one a second, and the last one always', () => {
    const { terminal, clock, shown } = display(false);
    shown.update(state(1));
    clock.now = 500;
    shown.update(state(2));
    clock.now = 1_000;
    shown.update(state(3));
    clock.now = 2_000;
    shown.update(state(3, 2_000));
    clock.now = 2_100;
    shown.update(state(4));
    shown.finish();
    expect(terminal.out).toBe(
      ['1 message', '3 messages', '4 messages'].map((figure) => `  running    ${figure}  0.0 s\n`).join(''),
    );
  });

  test('what is said is a line of its own', () => {
    const { terminal, shown } = display(false);
    shown.say('Worker 7 took over.');
    expect(terminal.out).toBe('Worker 7 took over.\n');
  });
});

describe('on a terminal', () => {
  test('one line is redrawn, at most ten times a second, and ended once', () => {
    const { terminal, clock, shown } = display(true);
    shown.update(state(1));
    clock.now = 50;
    shown.update(state(2));
    clock.now = 100;
    shown.update(state(3));
    shown.finish();
    shown.finish();
    shown.update(state(4));
    const redraw = '\r\u001b[K  running    ';
    expect(terminal.out).toBe(`${redraw}1 message  0.0 s${redraw}3 messages  0.0 s\n`);
  });

  test('what is said stays above the line', () => {
    const { terminal, shown } = display(true);
    shown.update(state(1));
    shown.say('Worker 7 took over.');
    const redraw = '\r\u001b[K  running    1 message  0.0 s';
    expect(terminal.out).toBe(`${redraw}\r\u001b[KWorker 7 took over.\n${redraw}`);
  });
});
