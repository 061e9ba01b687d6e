import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

/** What follows the commands of a Redis. */
export interface RedisMonitor {
  close(): void;
}

/** `+1796086055.726009 [0 lua] "hset" "key" "value"` */
const LINE = /^\+(\d+\.\d+) \[[^\]]*\] (.*)$/;
const ARGUMENT = /"((?:[^"\\]|\\.)*)"/g;

/**
 * Tells of every command Redis carries out from now on, those of scripts included, with its time in seconds since the
 * epoch. Speaks to Redis itself: ioredis takes a command that comes together with the answer to MONITOR for an answer
 * it did not ask for.
 */
export async function monitorRedis(
  redisUrl: string,
  name: string,
  onCommand: (time: number, args: readonly string[]) => void,
): Promise<RedisMonitor> {
  const { hostname, port } = new URL(redisUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const lines = createInterface({ input: socket });
  const answered = Promise.withResolvers<void>();
  let answers = 0;
  lines.on('line', (line) => {
    const [, time, args] = LINE.exec(line) ?? [];
    if (time !== undefined && args !== undefined) {
      onCommand(
        Number(time),
        [...args.matchAll(ARGUMENT)].map(([, text = '']) => text),
      );
    } else if (line.startsWith('+OK') && ++answers === 2) answered.resolve();
    else if (line.startsWith('-')) answered.reject(new Error(line));
  });
  await once(socket, 'connect');
  socket.write(`CLIENT SETNAME ${name}\r\nMONITOR\r\n`);
  await answered.promise;
  return { close: () => socket.destroy() };
}
