import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultRuleInput } from '@tidemark/sandbox';
import { eventually } from '../support/eventually.ts';
import { openStage, type Stage, type StagedPage } from '../support/engine/stage.ts';
import { syncProblems } from '../support/engine/sync-row.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage('redis');
});
afterAll(() => stage.close());

/** Four pages of conversations, and further messages of some. */
const SMALL = { conversations: 40, messages: 700, longThreads: 0 };
const CONNECT = { pageSize: 10, messagesPerConversation: 20 };

/** A Page whose calls are hit by these faults. */
async function pageWith(...rules: Omit<FaultRuleInput, 'id'>[]): Promise<StagedPage> {
  const page = await stage.addPage({ ...SMALL, connect: CONNECT });
  for (const rule of rules) stage.source.faults.add({ ...rule, when: { ...rule.when, pageId: page.pageId } });
  return page;
}

/** How often the faults of the Page's calls were applied. */
function faultsServed(pageId: string): Record<string, number> {
  const faults = stage.source.ledger.calls({ pageId }).flatMap((call) => call.faults);
  return Object.fromEntries(
    [...Map.groupBy(faults, (fault) => fault)].map(([name, times]) => [name, times.length]),
  );
}

async function expectWholeSync(page: StagedPage): Promise<string> {
  const syncId = await stage.engine.startSync(page.connectionId);
  await stage.engine.completed(syncId);
  expect(await stage.differencesOf(page.pageId)).toEqual([]);
  expect(await syncProblems(stage.engine.db, syncId)).toEqual([]);
  return syncId;
}

describe('a source that answers strangely', () => {
  test('M25 empty and short pages with a next are no end, neither of conversations nor of messages', async () => {
    const page = await pageWith(
      { fault: { type: 'empty-page' }, when: { edge: 'conversations' }, nth: [1, 3] },
      { fault: { type: 'short-page', rows: 3 }, when: { edge: 'conversations' }, nth: [2, 4] },
      { fault: { type: 'empty-page' }, when: { edge: 'messages' }, nth: [1, 2] },
      { fault: { type: 'short-page', rows: 1 }, when: { edge: 'messages' }, nth: 4 },
    );
    await expectWholeSync(page);
    expect(faultsServed(page.pageId)).toEqual({ 'empty-page': 4, 'short-page': 3 });
  });

  test('E8 short transient faults are retried inside the job and cost no attempt', async () => {
    const page = await pageWith(
      { fault: { type: 'error', code: 2, status: 500 }, nth: 2 },
      { fault: { type: 'reset', when: 'before' }, nth: 5 },
      { fault: { type: 'truncated-json' }, nth: 8 },
      { fault: { type: 'malformed-json' }, nth: 11 },
      { fault: { type: 'html', status: 503 }, nth: 14 },
      { fault: { type: 'reset', when: 'during' }, nth: 17 },
    );
    const syncId = await expectWholeSync(page);
    expect(faultsServed(page.pageId)).toEqual({
      error: 1,
      reset: 2,
      'truncated-json': 1,
      'malformed-json': 1,
      html: 1,
    });
    const sync = await stage.engine.sync(syncId);
    expect(sync.apiCalls).toBe(sync.pageCount + 6);
    expect(stage.worker.seen('page.retrying').filter((event) => event.syncId === syncId)).toEqual([]);
  });

  test('E8 a fault that lasts spends an attempt, which is visible with the next retry time, and then goes on', async () => {
    const page = await pageWith({ fault: { type: 'error', code: 1 }, after: 3 });
    const { engine, source } = stage;
    const syncId = await engine.startSync(page.connectionId);
    const waiting = await eventually(async () => {
      const sync = await engine.sync(syncId);
      if (sync.attempt === 1) throw new Error('no attempt was spent');
      // Between two attempts, each of which is further away than the one before.
      if ((sync.nextRunInMs ?? 0) <= 0) throw new Error('it is being tried right now');
      return sync;
    });
    source.faults.clear();
    expect(waiting).toMatchObject({ status: 'running', errorCode: 'source_unavailable' });
    expect(await engine.completed(syncId)).toMatchObject({ attempt: 1, errorCode: null });
    expect(await stage.differencesOf(page.pageId)).toEqual([]);
  });

  test('slow answers are waited for', async () => {
    const page = await pageWith(
      { fault: { type: 'slow-headers', ms: 600 }, nth: 2 },
      { fault: { type: 'slow-body', ms: 600, chunks: 6 }, nth: 3 },
    );
    await expectWholeSync(page);
    expect(faultsServed(page.pageId)).toEqual({ 'slow-headers': 1, 'slow-body': 1 });
  });

  test.each(['message', 'error_user_msg'] as const)(
    'M9 "reduce the amount of data" in %s halves the page until it fits, and spends no attempt',
    async (textIn) => {
      const behaviour = { maxRows: 60, maxRowsTextIn: textIn };
      const page = await stage.addPage({ ...SMALL, behaviour, connect: CONNECT });
      const syncId = await expectWholeSync(page);
      const calls = stage.source.ledger.calls({ pageId: page.pageId });
      const limits = calls.filter((call) => call.edge === 'conversations').map((call) => call.limit);
      expect(limits.slice(0, 4)).toEqual(['10', '5', '2', '2']);
      expect(stage.worker.seen('page.retrying').filter((event) => event.syncId === syncId)).toEqual([]);
    },
  );
});

describe('records that are not as they should be', () => {
  test('E10 a broken record goes to quarantine whole, and the others of its page are stored', async () => {
    const page = await pageWith({
      fault: { type: 'broken-record', row: 2, key: 'updated_time', value: 'yesterday' },
      when: { edge: 'conversations' },
      nth: 1,
    });
    const { engine, source } = stage;
    const broken = source.ledger.expected(page.pageId).conversations[2];
    const syncId = await engine.startSync(page.connectionId);
    await engine.completed(syncId);
    expect(await stage.differencesOf(page.pageId)).toEqual([`conversation ${broken?.contactId} is missing`]);
    const kept = await engine.db.sql`
      SELECT stream, external_id, path, raw->>'updated_time' AS time, jsonb_array_length(raw#>'{messages,data}') AS messages
      FROM quarantine WHERE connection_id = ${page.connectionId}`;
    expect(kept.map((row) => ({ ...row }))).toEqual([
      {
        stream: 'conversations',
        external_id: broken?.graphId,
        path: '/updated_time',
        time: 'yesterday',
        messages: Math.min(20, broken?.messages.length ?? 0),
      },
    ]);
    expect(await syncProblems(engine.db, syncId)).toEqual([]);
  });

  test('M1 messages the source no longer details are stored as known but unavailable', async () => {
    const behaviour = { detailRule: 'all', detailLimit: 20 } as const;
    const page = await stage.addPage({ ...SMALL, behaviour, connect: CONNECT });
    await expectWholeSync(page);
    const expected = stage.source.ledger.expected(page.pageId);
    const bare = expected.conversations.flatMap((item) =>
      item.messages.filter((message) => !message.detailed),
    );
    expect(bare.length).toBeGreaterThan(50);
  });

  test('E14 a message that was stored with its details keeps them when the source no longer shows them', async () => {
    const page = await pageWith();
    await expectWholeSync(page);
    const before = stage.source.ledger.expected(page.pageId);
    stage.source.configure({ detailRule: 'all', detailLimit: 20 }, page.pageId);
    const syncId = await stage.engine.startSync(page.connectionId, 'full');
    const sync = await stage.engine.completed(syncId);
    stage.source.configure({ detailRule: 'off' }, page.pageId);
    expect(stage.source.ledger.expected(page.pageId)).toEqual(before);
    expect(await stage.differencesOf(page.pageId)).toEqual([]);
    expect(sync.stale).toBeGreaterThan(50);
    expect(sync).toMatchObject({ inserted: 0, updated: 0 });
  });
});

describe('rows the tables refuse', () => {
  test('M4 a page with an event that cannot be inserted commits nothing of it, and goes on once it can', async () => {
    const page = await pageWith();
    const { engine, source } = stage;
    const victim = source.ledger.expected(page.pageId).conversations[12]?.messages.at(-1);
    await refuseMessage(victim?.id ?? '');
    const syncId = await engine.startSync(page.connectionId);
    const failing = await eventually(async () => {
      const sync = await engine.sync(syncId);
      if (sync.attempt === 1) throw new Error('no attempt was spent');
      return sync;
    });
    expect(failing).toMatchObject({ status: 'running', errorCode: 'internal_error' });
    expect(failing.errorMessage).not.toContain(victim?.text ?? 'text');
    expect(failing.pageCount).toBe(failing.seq);
    expect(await storedOf(page)).toBe(failing.inserted);

    await engine.db.sql`DROP TRIGGER refuse_message ON contact_interaction_events`;
    await engine.completed(syncId);
    expect(await stage.differencesOf(page.pageId)).toEqual([]);
    expect(await syncProblems(engine.db, syncId)).toEqual([]);
  });

  test('E9 a page that stays refused is set aside for all to see, and the rest of the Page is stored', async () => {
    const page = await pageWith();
    const { engine, source } = stage;
    const conversation = source.ledger.expected(page.pageId).conversations[12];
    await refuseMessage(conversation?.messages.at(-1)?.id ?? '');
    const syncId = await engine.startSync(page.connectionId);
    const sync = await engine.completed(syncId);
    await engine.db.sql`DROP TRIGGER refuse_message ON contact_interaction_events`;
    expect(sync).toMatchObject({ partial: true, failedPages: 1 });
    expect(await storedOf(page)).toBe(sync.inserted);

    const where = `conversation ${conversation?.contactId}: `;
    const wrong = await stage.differencesOf(page.pageId);
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.filter((difference) => !difference.startsWith(where))).toEqual([]);
    const failed = await engine.db.sql`
      SELECT what, error_code, status FROM sync_failed_pages WHERE sync_id = ${syncId}`;
    expect(failed.map((row) => ({ ...row }))).toEqual([
      {
        what: `messages of conversation ${conversation?.graphId}`,
        error_code: 'internal_error',
        status: 'open',
      },
    ]);
    const [state] = await engine.db.sql<{ watermark: unknown }[]>`
      SELECT watermark FROM sync_state WHERE connection_id = ${page.connectionId}`;
    expect(state?.watermark).toBeNull();
    expect(await syncProblems(engine.db, syncId)).toEqual([]);
    expect(await engine.db.sql`SELECT 1 FROM sync_locks`).toHaveLength(0);
  });

  /** Makes PostgreSQL refuse one message, as a constraint or a full disk would. */
  async function refuseMessage(messageId: string): Promise<void> {
    expect(messageId).not.toBe('');
    const { sql } = stage.engine.db;
    await sql.unsafe(`
      CREATE OR REPLACE FUNCTION refuse_message() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'refused by the test' USING ERRCODE = 'TM999'; END $$;
      CREATE TRIGGER refuse_message BEFORE INSERT ON contact_interaction_events
      FOR EACH ROW WHEN (NEW.message_id = '${messageId}') EXECUTE FUNCTION refuse_message()`);
  }

  /** Rows that are stored of a Page: conversations and messages. */
  async function storedOf(page: StagedPage): Promise<number> {
    const [row] = await stage.engine.db.sql<{ count: number }[]>`
      SELECT (count(*) + (SELECT count(*) FROM contact_interaction_events e
                          JOIN messenger_conversations c ON c.id = e.conversation_id
                          WHERE c.page_id = ${page.pageId}))::int AS count
      FROM messenger_conversations WHERE page_id = ${page.pageId}`;
    return row?.count ?? 0;
  }
});
