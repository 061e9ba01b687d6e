/**
 * `pg` loads its pool with require, and must not be given the module that is meant for import.
 *
 * @jest-environment-options {"customExportConditions": ["source", "node"]}
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger, type RunningApi, startApi } from '@tidemark/api';
import type { Mended } from '../src/remote/api.ts';
import { buildProgram } from '../src/program.ts';
import { runProgram } from '../src/run-program.ts';
import type { components } from '@tidemark/client';
import { ADMIN_KEY } from '../../../test/support/engine/api-client.ts';
import { engineEnvironment, engineKeyring, engineVariables } from '../../../test/support/engine/settings.ts';
import { openStage, type Stage, type StagedPage } from '../../../test/support/engine/stage.ts';
import { readRowVersions } from '../../../test/support/engine/stored-page.ts';

/** What `preview` and `verify` print with `--json`. */
interface Answer {
  sync: components['schemas']['Sync'];
  results: Mended<components['schemas']['StreamResult']>[];
}

describe('dry runs and verification, asked for on the command line', () => {
  let stage: Stage;
  let api: RunningApi;
  let page: StagedPage;

  beforeAll(async () => {
    stage = await openStage('redis');
    // Threads of several pages, so that a conversation comes up on many.
    const connect = { pageSize: 20, messagesPerConversation: 10 };
    page = await stage.addPage({ conversations: 24, messages: 200, odd: true, connect });
    const { addresses } = stage.engine;
    api = await startApi({
      environment: engineEnvironment(
        engineVariables(addresses, { PORT: '0', TIDEMARK_ADMIN_KEY: ADMIN_KEY }),
      ),
      databaseUrl: addresses.databaseUrl,
      keyring: engineKeyring(),
      logger: createLogger('silent'),
    });
  });

  afterAll(async () => {
    await api.stop();
    await stage.close();
  });

  async function tidemark(...args: string[]): Promise<{ code: number; out: string }> {
    const written: string[] = [];
    const terminal = {
      isInteractive: false,
      columns: 200,
      paint: (_style: string, text: string) => text,
      print: (line = '') => {
        written.push(line);
      },
      note: () => {},
      write: () => {},
    };
    const options = ['--url', api.url, '--key', ADMIN_KEY];
    const code = await runProgram([...args, ...options], terminal, buildProgram);
    return { code, out: written.join('\n') };
  }

  async function ask(...args: string[]) {
    const { code, out } = await tidemark(...args, page.connectionId, '--json');
    const answer: Answer = JSON.parse(out);
    return { code, ...answer };
  }

  /** What is true of the connection and must stay so: its rows as PostgreSQL keeps them, and its place. */
  async function standing() {
    const { db } = stage.engine;
    const state = await db.sql`SELECT xmin::text, to_jsonb(t) FROM sync_state t`;
    const quarantine = await db.sql`SELECT xmin::text, id FROM quarantine ORDER BY id`;
    return { rows: await readRowVersions(db), state, quarantine };
  }

  async function countsOf(syncId: string) {
    return stage.engine.db.sql`
      SELECT stream, records_read, records_inserted, records_updated, records_skipped, records_stale,
             records_quarantined, records_deleted
      FROM sync_results WHERE sync_id = ${syncId} ORDER BY stream`;
  }

  /** Previews, and syncs: the one must have told what the other does, and changed nothing. */
  async function previewThenSync(mode: 'full' | 'incremental') {
    const before = await standing();
    const preview = await ask('preview');
    expect([preview.code, preview.sync.mode]).toEqual([0, mode]);
    expect(await standing()).toEqual(before);
    const { code, out } = await tidemark('sync', page.connectionId, '--wait', '--json');
    const synced: Answer['sync'] = JSON.parse(out);
    expect([code, synced.mode]).toEqual([0, mode]);
    expect(await countsOf(preview.sync.id)).toEqual(await countsOf(synced.id));
    expect(await stage.differencesOf(page.pageId)).toEqual([]);
    return preview;
  }

  test('E13 a preview of a first sync counts what that sync then does', async () => {
    const { results } = await previewThenSync('full');
    const messages = results.find(({ stream }) => stream === 'messages');
    expect(messages?.records.inserted).toBeGreaterThan(100);
    expect(messages?.samples?.inserted).toHaveLength(5);
  });

  test('E13 a preview of changes counts and shows them', async () => {
    const { source } = stage.source;
    const [first, second, third] = stage.source.ledger.expected(page.pageId).conversations;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('too little data');
    source.addMessage({ conversationId: first.graphId });
    source.editMessage(second.messages.at(-1)?.id ?? '', 'edited at the source', { bump: true });
    const added = source.addConversation({ pageId: page.pageId, messages: 25 });
    const { results } = await previewThenSync('incremental');
    const conversations = results.find(({ stream }) => stream === 'conversations');
    expect(conversations?.samples?.inserted).toEqual([
      expect.objectContaining({ key: { pageId: page.pageId, contactId: added.contactId } }),
    ]);
    const { out } = await tidemark('preview', page.connectionId);
    expect(out).toContain('STREAM');
    expect(out).toContain('skipped');
  });

  test('E26 a verification finds damage, a repair mends it, and the next one finds nothing', async () => {
    const { db } = stage.engine;
    const [gone, cut, changed] = stage.source.ledger.expected(page.pageId).conversations.slice(3);
    const lost = cut?.messages.slice(0, 3).map(({ id }) => id) ?? [];
    const spoilt = changed?.messages.at(-1)?.id ?? '';
    await db.sql`DELETE FROM messenger_conversations WHERE sender_id = ${gone?.contactId ?? ''}`;
    await db.sql`DELETE FROM contact_interaction_events WHERE message_id = ANY (${lost})`;
    await db.sql`UPDATE contact_interaction_events SET text = 'spoilt' WHERE message_id = ${spoilt}`;
    const before = await standing();

    const found = await ask('verify');
    expect(found.code).toBe(1);
    const conversations = found.results.find(({ stream }) => stream === 'conversations')?.findings;
    expect(conversations?.missing.records).toEqual([
      expect.objectContaining({ key: { pageId: page.pageId, contactId: gone?.contactId } }),
    ]);
    expect([conversations?.differing.count, conversations?.extra?.count]).toEqual([0, 0]);
    const messages = found.results.find(({ stream }) => stream === 'messages')?.findings;
    expect(messages?.missing.count).toBe((gone?.messages.length ?? 0) + lost.length);
    expect(messages?.differing.records.map(({ key }) => key.messageId)).toEqual([spoilt]);
    expect(messages?.extra?.count).toBe(0);
    expect(await standing()).toEqual(before);

    expect((await ask('verify', '--repair')).code).toBe(0);
    expect(await stage.differencesOf(page.pageId)).toEqual([]);
    expect((await ask('verify')).code).toBe(0);
    expect((await standing()).state).toEqual(before.state);
  });

  test('E13 E17 a preview of a full sync counts and shows what vanished, and so does a verification', async () => {
    const [gone] = stage.source.ledger.expected(page.pageId).conversations.slice(-1);
    stage.source.source.deleteConversation(gone?.graphId ?? '');
    const key = { pageId: page.pageId, contactId: gone?.contactId };
    const looked = await ask('verify');
    const [extra] = looked.results.flatMap(({ findings }) => findings?.extra?.records ?? []);
    expect([looked.code, extra?.key]).toEqual([1, key]);
    expect((await tidemark('reset', page.connectionId, '--yes')).code).toBe(0);
    const { sync, results } = await previewThenSync('full');
    expect(sync.sweeps).toEqual([expect.objectContaining({ status: 'swept', deleted: 1 })]);
    expect(results[0]?.samples?.deleted).toEqual([expect.objectContaining({ key })]);
  });

  test('what operators have over HTTP they have on the command line', async () => {
    const { connectionId, pageId } = page;
    const pool = `messenger:page:${pageId}`;
    const [record] = await stage.engine.db.sql<{ id: string }[]>`SELECT id FROM quarantine LIMIT 1`;
    const [sync] = await stage.engine.db.sql<{ id: string }[]>`SELECT id FROM syncs LIMIT 1`;
    const commands: [args: string[], says: string][] = [
      [['quarantine', '--connection', connectionId], record?.id ?? ''],
      [['quarantine', 'discard', record?.id ?? ''], 'Discarded'],
      [['quarantine', 'list', '--status', 'discarded'], record?.id ?? ''],
      [['conflicts'], 'There are none.'],
      [['failed-pages', sync?.id ?? ''], 'It left nothing out.'],
      [
        ['schedule', 'set', connectionId, '--cron', '30 2 * * *', '--timezone', 'Europe/Berlin'],
        'Europe/Berlin',
      ],
      [['schedule', 'get', connectionId], '30 2 * * *'],
      [['schedule', 'set', connectionId, '--every', '86400'], 'every 86400 s'],
      [['schedule', 'remove', connectionId], 'no schedule any more'],
      [['limits'], pool],
      [['limits', 'set', pool, '--max-calls', '5000', '--per-seconds', '2'], '5000 in 2 s'],
      [['reset', connectionId, '--yes'], 'the next sync reads everything'],
    ];
    for (const [args, says] of commands) {
      const { code, out } = await tidemark(...args);
      expect([args, code, out]).toEqual([args, 0, expect.stringContaining(says)]);
    }
    expect(JSON.parse((await tidemark('limits', '--json')).out)).toContainEqual(
      expect.objectContaining({ pool, maxCalls: 5000 }),
    );
    expect((await tidemark('reset', connectionId)).code).toBe(1);
    expect((await tidemark('schedule', 'set', connectionId)).code).toBe(1);
  });
});
