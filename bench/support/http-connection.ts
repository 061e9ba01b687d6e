import { connect, type Socket } from 'node:net';

/** What one request came to; 0 for a connection that broke before the answer. */
export type Answered = (status: number) => void;

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * One HTTP/1.1 connection that sends ready-made requests, one at a time. It reads no more of an answer than its status
 * and its end: a load generator must leave the processor to what it measures.
 */
export class HttpConnection {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | null = null;
  #answered: Answered | null = null;
  #input: Buffer = NOTHING;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  /** Sends a whole request; the one before must have been answered. */
  send(request: Buffer, answered: Answered): void {
    this.#answered = answered;
    this.#socket ??= this.#open();
    this.#socket.write(request);
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#socket = null;
      this.#input = NOTHING;
      this.#done(0);
    });
    return socket;
  }

  #read(chunk: Buffer): void {
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    const headEnd = this.#input.indexOf(END_OF_HEAD);
    if (headEnd === -1) return;
    const head = this.#input.toString('latin1', 0, headEnd);
    const bodyLength = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#input.length < headEnd + END_OF_HEAD.length + bodyLength) return;
    this.#input = NOTHING;
    this.#done(Number(head.slice(9, 12)));
  }

  #done(status: number): void {
    const answered = this.#answered;
    this.#answered = null;
    answered?.(status);
  }
}
