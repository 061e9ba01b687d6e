import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How a connection ends: in order, or dropped, as by a server that exits with unread input. */
export type Cut = 'end' | 'reset';

/** Stands between a client and PostgreSQL, and cuts connections where a test says. */
export interface InterruptingProxy {
  url: string;
  /** Connections made so far. */
  connections(): number;
  /** Cuts the next connection on which the client says `words`, before the server hears them. */
  cutAt(words: string, cut: Cut): void;
  close(): Promise<void>;
}

export async function openInterruptingProxy(databaseUrl: string): Promise<InterruptingProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const cuts: { words: string; cut: Cut }[] = [];
  let connections = 0;

  const join = (client: Socket): void => {
    connections += 1;
    const server = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    server.on('data', (bytes) => client.write(bytes));
    client.on('data', (bytes) => {
      const at = cuts.findIndex(({ words }) => bytes.includes(words));
      const [found] = at < 0 ? [] : cuts.splice(at, 1);
      if (found === undefined) server.write(bytes);
      else if (found.cut === 'end') client.end();
      else client.resetAndDestroy();
    });
  };

  const listener = createServer({ noDelay: true }, join);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    connections: () => connections,
    cutAt: (words, cut) => cuts.push({ words, cut }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
