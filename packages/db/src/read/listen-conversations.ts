import type { Database } from '../database.ts';

const CHANNEL = 'tidemark_conversations';

export interface ConversationListener {
  onChanged(conversationId: string, version: number): void;
  /** Changes may have gone unheard, or are too many to be told one by one. */
  onMissed(): void;
  onError(error: unknown): void;
}

/**
 * Tells which conversations were changed by commits, over one connection of its own that comes back by itself. What was
 * changed while it was away is not told: `onMissed` is called each time it is (again) in place. Returns at once, also
 * while the server is away.
 */
export function listenConversations(db: Database, hooks: ConversationListener): void {
  const onNotify = (payload: string) => {
    for (const part of payload.split(' ')) {
      const [conversationId = '', version = ''] = part.split(':');
      if (/^\d+$/.test(version)) hooks.onChanged(conversationId, Number(version));
      else hooks.onMissed();
    }
  };
  // A first attempt that fails is repeated by the driver for as long as the pool is open.
  db.sql.listen(CHANNEL, onNotify, hooks.onMissed).catch(hooks.onError);
}
