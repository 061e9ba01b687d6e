/** What a schema judged: a whole answer of the source, or one record of it. */
export const READING_KINDS = ['response', 'record'] as const;
export type ReadingKind = (typeof READING_KINDS)[number];

/**
 * What one schema saw. Each response or record is counted once: it passed as documented, was read by a fallback for a
 * known variation, or could not be read. Records are counted under the name of their stream.
 */
export interface SchemaReading {
  kind: ReadingKind;
  schema: string;
  passed: number;
  repaired: number;
  quarantined: number;
  /** How many needed which fallback, by the place it is for (`/participants`). One may need several. */
  fallbacks: Readonly<Record<string, number>>;
}

/** A schema's reading from the fallbacks each accepted item needed, and how many were refused. */
export function readingOf(
  kind: ReadingKind,
  schema: string,
  accepted: readonly (readonly string[])[],
  quarantined = 0,
): SchemaReading {
  const repaired = accepted.filter((fallbacks) => fallbacks.length > 0);
  const fallbacks = sumByName(repaired.map((names) => [...new Set(names)].map((name) => [name, 1])));
  return {
    kind,
    schema,
    passed: accepted.length - repaired.length,
    repaired: repaired.length,
    quarantined,
    fallbacks,
  };
}

/** One reading for each schema, in the order of kind and name; those that saw nothing are left out. */
export function mergeReadings(readings: readonly SchemaReading[]): SchemaReading[] {
  const groups = Map.groupBy(readings, ({ kind, schema }) => `${kind} ${schema}`);
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, [first, ...others]]) => (first === undefined ? [] : [others.reduce(addReadings, first)]))
    .filter(({ passed, repaired, quarantined }) => passed + repaired + quarantined > 0);
}

function addReadings(a: SchemaReading, b: SchemaReading): SchemaReading {
  return {
    ...a,
    passed: a.passed + b.passed,
    repaired: a.repaired + b.repaired,
    quarantined: a.quarantined + b.quarantined,
    fallbacks: sumByName([Object.entries(a.fallbacks), Object.entries(b.fallbacks)]),
  };
}

function sumByName(lists: readonly (readonly [string, number])[][]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of lists.flat()) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}

/** What a page counted of one stream. */
export interface CountedStream {
  stream: string;
  read: number;
  quarantined: number;
}

/**
 * What is stored of a page: the connector's own reading, or, from a connector that knows no variations of its source,
 * what follows from the counts of the page.
 */
export function readingsOfPage(
  told: readonly SchemaReading[] | undefined,
  counted: readonly CountedStream[],
): SchemaReading[] {
  if (told !== undefined) return mergeReadings(told);
  return mergeReadings(
    counted.map(({ stream, read, quarantined }) => ({
      kind: 'record',
      schema: stream,
      passed: read - quarantined,
      repaired: 0,
      quarantined,
      fallbacks: {},
    })),
  );
}

/**
 * Whether the readings of records add up to what the page counted: `passed + repaired + quarantined = read`, and as
 * many quarantined, for each stream. Checked before each commit, as the counts themselves are.
 */
export function readingsReconcile(
  readings: readonly SchemaReading[],
  counted: readonly CountedStream[],
): boolean {
  const records = new Map(
    readings.filter(({ kind }) => kind === 'record').map((reading) => [reading.schema, reading]),
  );
  const isCounted = ({ stream, read, quarantined }: CountedStream) => {
    const reading = records.get(stream);
    if (reading === undefined) return read === 0;
    const sum = reading.passed + reading.repaired + reading.quarantined;
    return sum === read && reading.quarantined === quarantined;
  };
  const streams = new Set(counted.map(({ stream }) => stream));
  return counted.every(isCounted) && [...records.keys()].every((schema) => streams.has(schema));
}
