/** Wakes the open event streams of this process when events of their sync are committed. */
export interface SyncEventHub {
  /** `onWake` is called after new events, and when the hub closes. Returns the way to leave. */
  subscribe(syncId: string, onWake: () => void): () => void;
  wake(syncId: string): void;
  /** Notifications may have been missed: everybody looks. */
  wakeAll(): void;
  /** Ends all streams. No new ones are opened. */
  close(): void;
  readonly isClosed: boolean;
}

export function createSyncEventHub(): SyncEventHub {
  const wakers = new Map<string, Set<() => void>>();
  let closed = false;

  function wakeAll(): void {
    for (const group of wakers.values()) for (const onWake of group) onWake();
  }

  return {
    subscribe: (syncId, onWake) => {
      const group = wakers.get(syncId) ?? new Set();
      wakers.set(syncId, group);
      group.add(onWake);
      return () => {
        group.delete(onWake);
        if (group.size === 0 && wakers.get(syncId) === group) wakers.delete(syncId);
      };
    },
    wake: (syncId) => {
      for (const onWake of wakers.get(syncId) ?? []) onWake();
    },
    wakeAll,
    close: () => {
      closed = true;
      wakeAll();
    },
    get isClosed() {
      return closed;
    },
  };
}
