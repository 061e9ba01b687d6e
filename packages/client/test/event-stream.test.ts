import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventStreamParser, type RawEvent } from '../src/event-stream.ts';
import { SEEDED } from '../../../test/support/property-seed.ts';

fc.configureGlobal(SEEDED);

function parse(chunks: readonly string[]): RawEvent[] {
  const parser = new EventStreamParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

describe('EventStreamParser', () => {
  test('reads events however the text is cut, and whatever ends its lines', () => {
    const word = fc.stringMatching(/^[a-z:{}" ]{1,12}$/);
    const event = fc.record({ id: fc.nat().map(String), event: fc.constantFrom('page', 'done'), data: word });
    const input = fc.record({
      events: fc.array(event, { maxLength: 8 }),
      end: fc.constantFrom('\n', '\r\n', '\r'),
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(input, ({ events, end, sizes }) => {
        const blocks = events.map((e) =>
          [': beat', `id: ${e.id}`, `event: ${e.event}`, `data: ${e.data}`, '', ''].join(end),
        );
        expect(parse(cut(blocks.join(''), sizes))).toEqual(events);
      }),
    );
  });

  test('joins lines of data, keeps the id, passes over comments and what has no data', () => {
    expect(parse(['id: 7\ndata: a\ndata:b\n\n: beat\n\nevent: x\n\ndata: c\n\n'])).toEqual([
      { id: '7', event: '', data: 'a\nb' },
      { id: '7', event: '', data: 'c' },
    ]);
  });

  test('takes over the retry time', () => {
    const parser = new EventStreamParser();
    parser.push('retry: 250\n\nretry: soon\n\n');
    expect(parser.retryMs).toBe(250);
  });

  test('an unfinished event is none', () => {
    expect(parse(['data: half\n'])).toEqual([]);
  });
});

/** Cuts the text into chunks of these sizes, over and over. */
function cut(text: string, sizes: readonly number[]): string[] {
  const chunks: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
}
