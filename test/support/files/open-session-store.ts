import { createTestDatabase } from '../postgres.ts';
import { SessionStore } from './session-store.ts';

/** A store on a database of its own, for tests. */
export async function openSessionStore(): Promise<SessionStore> {
  const database = await createTestDatabase();
  return SessionStore.openAt(database.url, () => database.drop());
}
