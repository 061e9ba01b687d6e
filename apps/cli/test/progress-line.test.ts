import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ProgressState, renderPlainProgress, renderProgress } from '../src/output/progress-line.ts';
import { SEEDED } from '../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

const STATE: ProgressState = {
  status: 'running',
  counts: [
    { label: 'conversations', value: 225 },
    { label: 'messages', value: 4_457 },
  ],
  percent: 56,
  rate: 908.4,
  elapsedMs: 5_300,
};

const plain = (_style: string, text: string) => text;

function line(state: Partial<ProgressState>, columns = 100): string {
  return renderProgress({ ...STATE, ...state }, { columns, paint: plain });
}

describe('the progress line', () => {
  test('shows status, percent, bar, figures, rate and time', () => {
    expect(line({})).toBe(
      'running     56 %  ████████████████▊░░░░░░░░░░░░░  225 conversations  4,457 messages  908/s  5.3 s',
    );
  });

  test('has a bar that is empty at 0 and full at 100', () => {
    expect(line({ percent: 0 })).toContain(`  ${'░'.repeat(30)}  `);
    expect(line({ percent: 100 })).toContain(`  ${'█'.repeat(30)}  `);
  });

  test('makes the bar smaller, then leaves out figures from the right', () => {
    expect(line({}, 80)).toBe(
      'running     56 %  ███████▎░░░░░  225 conversations  4,457 messages  908/s  5.3 s',
    );
    expect(line({}, 45)).toBe('running     56 %  ████▌░░░  225 conversations');
    expect(line({}, 20)).toBe('running     56 %');
  });

  test('has no bar where nobody knows how much there is', () => {
    expect(line({ percent: null })).toBe('running    225 conversations  4,457 messages  908/s  5.3 s');
  });

  test('is never wider than it may be, whatever it shows', () => {
    const state = fc.record({
      status: fc.constantFrom('queued', 'running', 'completed', 'reconnecting'),
      counts: fc.array(fc.record({ label: fc.constantFrom('messages', 'orders'), value: fc.nat() }), {
        maxLength: 5,
      }),
      percent: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      rate: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
      elapsedMs: fc.nat(),
    });
    fc.assert(
      fc.property(state, fc.integer({ min: 20, max: 200 }), (some, columns) => {
        expect(renderProgress(some, { columns, paint: plain }).length).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('paints the bar only', () => {
    const painted = renderProgress(STATE, { columns: 100, paint: (style, text) => `<${style}>${text}</>` });
    expect(painted).toMatch(/^running {5}56 % {2}<cyan>█+▊<\/><gray>░+<\/> {2}225 conversations/);
  });
});

test('the line for logs has no bar', () => {
  expect(renderPlainProgress(STATE)).toBe(
    'running     56 %  225 conversations  4,457 messages  908/s  5.3 s',
  );
});
