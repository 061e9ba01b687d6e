import { randomInt } from 'node:crypto';
import { isPortFree } from '../../packages/db/src/embedded/free-port.ts';

/**
 * Below the ports a system gives to whoever asks for any (Linux from 32768, macOS from 49152): connections of others do
 * not take the port of a server between its choice and its start, or while it is restarted.
 */
const FIRST = 15_000;
const LAST = 32_000;

/** A port of the loopback interface that nothing listens on, and that stays free as long as nobody asks for it by number. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (await isPortFree(port)) return port;
  }
}
