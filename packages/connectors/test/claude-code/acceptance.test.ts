import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  AcceptanceError,
  type AcceptanceSource,
  type AnyConnector,
  acceptanceChecks,
  noNetwork,
  PLANTED_FAULTS,
} from '@tidemark/core/connector';
import { claudeCodeConnector } from '@tidemark/connectors';
import { lines, someLines } from '../../../../test/support/files/session-lines.ts';
import { createTempDirectory } from '../../../../test/support/temp-directory.ts';

/** Small, so that the few files of a test are many pages: some within a file, some of several files. */
const LIMITS = { pageBytes: 2_000, pageFiles: 3, pageLooks: 50, lineBytes: 20_000 };

const FILES = [
  '-home-a/one.jsonl',
  '-home-a/one/subagents/agent-x.jsonl',
  '-home-a-b/two.jsonl',
  'ü/🙂.jsonl',
];
const LINES = 20;

let connector: AnyConnector;
let source: AcceptanceSource;

beforeAll(async () => {
  const root = await createTempDirectory('sessions');
  connector = claudeCodeConnector({ defaultRoots: [root], allowedRoots: [], limits: LIMITS });
  const keys = new Set<string>();
  for (const [index, name] of FILES.entries()) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    const all = someLines(LINES, `f${index}-`, { sessionId: `s${index}` });
    await writeFile(file, lines(...all));
    let offset = 0;
    for (const line of all) {
      keys.add(`lines ${file} ${offset}`);
      offset += Buffer.byteLength(line) + 1;
    }
  }
  const config = connector.config.parse({});
  source = { config, credentials: undefined, expectedKeys: keys, io: noNetwork };
});

describe('the connector for session files', () => {
  const placeholder = { streams: [] as AnyConnector['streams'] } as AnyConnector;
  const names = acceptanceChecks(placeholder, {} as AcceptanceSource).map((check) => check.name);

  test.each(names)('%s', async (name) => {
    await acceptanceChecks(connector, source)
      .find((check) => check.name === name)
      ?.run();
  });
});

describe('the suite finds a connector for files that', () => {
  test.each(PLANTED_FAULTS)('$name', async ({ plant, foundBy }) => {
    const check = acceptanceChecks(plant(connector, source), source).find(({ name }) => name === foundBy);
    const verdict = await check?.run().then(
      () => 'accepted',
      (error: unknown) => error,
    );
    expect(verdict).toBeInstanceOf(AcceptanceError);
  });
});
