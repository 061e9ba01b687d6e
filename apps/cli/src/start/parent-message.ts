/** What a role tells the process that started it, when there is one that listens. */
export interface ReadyMessage {
  type: 'ready';
  /** Where the API listens; null for a role without one. */
  url: string | null;
}

/** Tells the parent that the role is up. Does nothing without a channel. */
export function tellReady(url: string | null): void {
  const message: ReadyMessage = { type: 'ready', url };
  process.send?.(message);
}

/** Lets go of the channel, which would keep the process. */
export function leaveParent(): void {
  if (process.connected) process.disconnect();
}

/** The message, if it is one. */
export function parseReadyMessage(message: unknown): ReadyMessage | null {
  if (typeof message !== 'object' || message === null || !('type' in message)) return null;
  if (message.type !== 'ready') return null;
  const url = 'url' in message && typeof message.url === 'string' ? message.url : null;
  return { type: 'ready', url };
}
