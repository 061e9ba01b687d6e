import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, codePointText, createdAt, id, updatedAt } from './columns.ts';
import { connections } from './connections.ts';

const connectionId = () =>
  uuid()
    .notNull()
    .references(() => connections.id, { onDelete: 'cascade' });

const tokens = () => bigint({ mode: 'number' });
const sumOfTokens = () => tokens().notNull().default(0);

/** Session files as they were seen last. */
export const claudeFiles = pgTable(
  'claude_files',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    connectionId: connectionId(),
    path: codePointText().notNull(),
    sessionId: codePointText().notNull(),
    /** For the file of a subagent: which one. Its messages belong to the session. */
    agentId: text(),
    project: text().notNull(),
    size: bigint({ mode: 'number' }).notNull(),
    modifiedAt: at().notNull(),
    /** What became of it on the pages that read it so far; null: nothing, or it was read to its end and counted. */
    readOutcome: text().$type<'inserted' | 'updated'>(),
    /** The file is no longer there. What was in it is kept. */
    goneAt: at(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('claude_files_path').on(table.connectionId, table.path),
    index('claude_files_session').on(table.connectionId, table.sessionId),
  ],
);

/** Every object of every file, of known and unknown types, where it stands in it. Messages and sessions are derived from these. */
export const claudeLines = pgTable(
  'claude_lines',
  {
    fileId: bigint({ mode: 'number' })
      .notNull()
      .references(() => claudeFiles.id, { onDelete: 'cascade' }),
    byteOffset: bigint({ mode: 'number' }).notNull(),
    byteLength: integer().notNull(),
    lineNumber: integer().notNull(),
    connectionId: connectionId(),
    type: text().notNull(),
    uuid: text(),
    parentUuid: text(),
    sessionId: codePointText().notNull(),
    agentId: text(),
    isSidechain: boolean().notNull(),
    at: at(),
    cwd: text(),
    gitBranch: text(),
    programVersion: text(),
    title: text(),
    titleRank: smallint(),
    /** Lines with the same key tell of one message; null: the line is no message. */
    messageKey: codePointText(),
    messageId: codePointText(),
    requestId: codePointText(),
    role: text(),
    model: text(),
    stopReason: text(),
    inputTokens: tokens(),
    outputTokens: tokens(),
    cacheCreationTokens: tokens(),
    cacheReadTokens: tokens(),
    payload: jsonb().notNull(),
    /** The JSON text as it stands in the file, where PostgreSQL could not store it as it is. */
    payloadOriginal: text(),
    contentHash: codePointText().notNull(),
    /** Of text and tools, for lines of messages: tells whether a message changed without its words. */
    wordsHash: codePointText(),
  },
  (table) => [
    primaryKey({ columns: [table.fileId, table.byteOffset] }),
    index('claude_lines_message')
      .on(table.connectionId, table.messageKey)
      .where(sql`message_key IS NOT NULL`),
    index('claude_lines_session').on(table.connectionId, table.sessionId),
    index('claude_lines_title').on(table.connectionId, table.sessionId).where(sql`title_rank IS NOT NULL`),
  ],
);

/** One row for each message, however many lines of however many files tell of it. Written by `tidemark_write_session_files` alone. */
export const claudeMessages = pgTable(
  'claude_messages',
  {
    id: id(),
    connectionId: connectionId(),
    externalId: codePointText().notNull(),
    messageKey: codePointText().notNull(),
    sessionId: codePointText().notNull(),
    agentId: text(),
    isSidechain: boolean().notNull(),
    requestId: text(),
    uuid: text(),
    parentUuid: text(),
    role: text().notNull(),
    model: text(),
    at: at(),
    cwd: text(),
    gitBranch: text(),
    text: text(),
    toolUses: jsonb().notNull().default([]),
    stopReason: text(),
    inputTokens: sumOfTokens(),
    outputTokens: sumOfTokens(),
    cacheCreationTokens: sumOfTokens(),
    cacheReadTokens: sumOfTokens(),
    lineCount: integer().notNull(),
    contentHash: codePointText().notNull(),
    version: integer().notNull().default(1),
    /** The file that held it is there, and holds it no more. */
    deletedAt: at(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('claude_messages_external_id').on(table.connectionId, table.externalId),
    index('claude_messages_key').on(table.connectionId, table.messageKey),
    index('claude_messages_session').on(table.connectionId, table.sessionId, table.at, table.externalId),
  ],
);

/** One row for each session; its figures are those of its messages, written in the same transaction. */
export const claudeSessions = pgTable(
  'claude_sessions',
  {
    id: id(),
    connectionId: connectionId(),
    externalId: codePointText().notNull(),
    project: text(),
    projectPath: text(),
    gitBranch: text(),
    title: text(),
    startedAt: at(),
    endedAt: at(),
    messageCount: integer().notNull().default(0),
    models: text().array().notNull().default([]),
    inputTokens: sumOfTokens(),
    outputTokens: sumOfTokens(),
    cacheCreationTokens: sumOfTokens(),
    cacheReadTokens: sumOfTokens(),
    contentHash: codePointText().notNull(),
    version: integer().notNull().default(1),
    /** None of its files is there any more. It is kept. */
    sourceGoneAt: at(),
    deletedAt: at(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('claude_sessions_external_id').on(table.connectionId, table.externalId),
    index('claude_sessions_recent').on(table.connectionId, table.endedAt),
  ],
);
