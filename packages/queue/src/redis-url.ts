import { RedisUrlError } from './errors.ts';

export interface RedisNode {
  host: string;
  port: number;
}

/** An address that was understood. */
export type RedisTarget =
  | { kind: 'single'; url: string }
  | { kind: 'cluster'; nodes: RedisNode[]; tls: boolean; username?: string; password?: string }
  | {
      kind: 'sentinel';
      sentinels: RedisNode[];
      master: string;
      db: number;
      tls: boolean;
      username?: string;
      password?: string;
    };

const FORM = /^(rediss?)(\+cluster|\+sentinel)?:\/\/(?:([^@/]*)@)?([^/?#]+)(?:\/([^?#]*))?(?:\?[^#]*)?$/;
const NODE = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d{1,5}))?$/;

/**
 * Reads a Redis address.
 *
 * - `redis://[[user]:password@]host[:port][/db]`, `rediss://…` with TLS: one server.
 * - `redis+cluster://[[user]:password@]host:port,host:port`, or `redis://` with several hosts: Redis Cluster.
 *   `rediss+cluster://` with TLS.
 * - `redis+sentinel://[[user]:password@]host:port,host:port/master[/db]`: the hosts are Sentinels (default port
 *   26379), the credentials and TLS (`rediss+sentinel://`) are those of the servers they name.
 *
 * Throws RedisUrlError.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = FORM.exec(url);
  if (match === null) {
    throw new RedisUrlError(
      'The Redis address must look like redis://host:port, redis+cluster://… or redis+sentinel://…',
    );
  }
  const [, scheme, mode, userinfo, hosts = '', path = ''] = match;
  const common = { tls: scheme === 'rediss', ...credentials(userinfo) };
  if (mode === '+sentinel') {
    const [master = '', db = '0'] = path.split('/');
    if (master === '' || !/^\d+$/.test(db)) {
      throw new RedisUrlError('A Sentinel address ends in /master or /master/db.');
    }
    return { kind: 'sentinel', sentinels: nodes(hosts, 26_379), master, db: Number(db), ...common };
  }
  if (mode === '+cluster' || hosts.includes(',')) {
    return { kind: 'cluster', nodes: nodes(hosts, 6_379), ...common };
  }
  nodes(hosts, 6_379);
  return { kind: 'single', url };
}

function credentials(userinfo: string | undefined): { username?: string; password?: string } {
  if (userinfo === undefined || userinfo === '') {
    return {};
  }
  const colon = userinfo.indexOf(':');
  const username = decode(colon === -1 ? userinfo : userinfo.slice(0, colon));
  const password = colon === -1 ? '' : decode(userinfo.slice(colon + 1));
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new RedisUrlError('The user or password of the Redis address is not URL encoded.', { cause });
  }
}

function nodes(hosts: string, defaultPort: number): RedisNode[] {
  return hosts.split(',').map((text) => {
    const match = NODE.exec(text.trim());
    const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
    if (match?.[1] === undefined || port < 1 || port > 65_535) {
      throw new RedisUrlError('Each node of the Redis address must be host or host:port.');
    }
    return { host: match[1].replace(/^\[|\]$/g, ''), port };
  });
}
