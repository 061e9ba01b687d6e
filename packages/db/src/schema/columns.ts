import { sql } from 'drizzle-orm';
import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';

/** Primary key: UUIDv7 (RFC 9562), made by the database, so that rows sort by the time they were written. */
export const id = () => uuid().primaryKey().default(sql`tidemark_uuidv7()`);

export const at = () => timestamp({ withTimezone: true, precision: 3 });
export const createdAt = () => at().notNull().defaultNow();
export const updatedAt = () => at().notNull().defaultNow();

/** Text that compares by code point, whatever the database's locale: ties between versions are broken by it. */
export const codePointText = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' });

/** Bytes as they came. */
export const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
