import type { StreamRecords } from '../../records/index.ts';
import type { AnyConnector, AnyStream } from '../contract.ts';
import type { AcceptanceSource } from './walk.ts';

/** A way a connector can be wrong, and the check of the suite that has to find it. */
export interface PlantedFault {
  name: string;
  foundBy: string;
  plant(connector: AnyConnector, source: AcceptanceSource): AnyConnector;
}

type FetchPage = AnyStream['fetchPage'];

/** The connector with the `fetchPage` of its streams replaced; `call` counts from 0 for each stream. */
function replaced(
  connector: AnyConnector,
  change: (stream: AnyStream, nextCall: () => number) => FetchPage,
): AnyConnector {
  const streams = connector.streams.map((stream) => {
    let calls = 0;
    const fetchPage = change(stream, () => calls++);
    return { ...stream, fetchPage };
  });
  return { ...connector, streams };
}

/**
 * Faults to plant into a connector that passes: a suite that accepts it nevertheless shows nothing. The source must be
 * large enough for three pages.
 */
export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'loses a record',
    foundBy: 'yields every record once, and nothing else',
    plant: (connector) =>
      replaced(connector, (stream) => async (context) => {
        const page = await stream.fetchPage(context);
        return { ...page, records: page.records.map(withoutFirst) };
      }),
  },
  {
    name: 'repeats a page',
    foundBy: 'never comes back to a checkpoint, and keeps them small',
    plant: (connector) =>
      replaced(connector, (stream, nextCall) => async (context) => {
        const page = await stream.fetchPage(context);
        return nextCall() === 1 ? { ...page, next: context.checkpoint } : page;
      }),
  },
  {
    name: 'goes backwards',
    foundBy: 'never comes back to a checkpoint, and keeps them small',
    plant: (connector) =>
      replaced(connector, (stream, nextCall) => {
        let first: unknown = null;
        return async (context) => {
          first ??= context.checkpoint;
          const page = await stream.fetchPage(context);
          return nextCall() === 1 ? { ...page, next: first } : page;
        };
      }),
  },
  {
    name: 'ignores the signal',
    foundBy: 'stops when its signal is aborted',
    plant: (connector, source) =>
      replaced(connector, (stream) => (context) => {
        const { signal } = new AbortController();
        return stream.fetchPage({ ...context, signal, io: source.io(signal) });
      }),
  },
  {
    name: 'reads everything again though nothing changed',
    foundBy: 'needs few calls for a source that did not change',
    plant: (connector) => ({
      ...connector,
      streams: connector.streams.map((stream) => ({
        ...stream,
        start: (context) => stream.start({ ...context, watermark: null }),
      })),
    }),
  },
];

function withoutFirst(group: StreamRecords): StreamRecords {
  switch (group.kind) {
    case 'conversations':
      return { ...group, rows: group.rows.slice(1) };
    case 'records':
      return { ...group, rows: group.rows.slice(1) };
    case 'sessionFiles':
      return { ...group, rows: group.rows.map((row) => ({ ...row, lines: row.lines.slice(1) })) };
  }
}
