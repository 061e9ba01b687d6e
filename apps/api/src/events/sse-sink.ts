import type { ServerResponse } from 'node:http';

/** Writes server-sent events to a response, no faster than its reader reads. */
export interface SseSink {
  send(event: { id: string; event: string; data: unknown }): Promise<void>;
  comment(text: string): void;
  end(): void;
  /** The connection is gone: nothing more can be sent. */
  readonly isClosed: boolean;
  /** Events sent so far. */
  readonly count: number;
}

/** `onClose` is called once, when the connection goes away. */
export function createSseSink(response: ServerResponse, onClose: () => void): SseSink {
  let count = 0;
  let closed = response.destroyed;
  let resume: (() => void) | null = null;
  const letGo = () => {
    resume?.();
    resume = null;
  };
  response.on('drain', letGo);
  response.once('close', () => {
    closed = true;
    letGo();
    onClose();
  });
  // A reset connection is an end like any other; without a listener it would end the process.
  response.on('error', () => {});

  return {
    send: async ({ id, event, data }) => {
      if (closed) return;
      count += 1;
      const flowing = response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (flowing) return;
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
    },
    comment: (text) => {
      if (!closed) response.write(`: ${text}\n\n`);
    },
    end: () => {
      if (!closed) response.end();
    },
    get isClosed() {
      return closed;
    },
    get count() {
      return count;
    },
  };
}
