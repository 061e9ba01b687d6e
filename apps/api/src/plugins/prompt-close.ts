import type { Socket } from 'node:net';
import type { Api } from '../dependencies.ts';

/** Requests under way when a stop begins get this long to finish; process managers kill after ten seconds. */
const GRACE_MS = 7_000;

/**
 * Lets a stop wait for requests under way and for nothing else. Node closes connections that are idle between two
 * requests, but not those on which none was ever sent, which browsers open in advance.
 */
export function installPromptClose(app: Api): void {
  const underWay = new Map<Socket, number>();
  let closing = false;

  app.server.on('connection', (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  app.server.on('request', (request, response) => {
    const { socket } = request;
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (underWay.get(socket) ?? 1) - 1;
      if (!socket.destroyed) underWay.set(socket, left);
      if (closing && left === 0) socket.end();
    });
  });
  app.addHook('preClose', async () => {
    closing = true;
    for (const [socket, count] of underWay) if (count === 0) socket.destroy();
    setTimeout(() => app.server.closeAllConnections(), GRACE_MS).unref();
  });
}
