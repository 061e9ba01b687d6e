import { z } from 'zod';

/** KEYS: the entry, its floor. Redis's own clock, in milliseconds. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/** ARGV: tenant. The entry if it is that tenant's, and the time of the look. */
export const LOOK = `${NOW}
local held = redis.call('HMGET', KEYS[1], 'tenant', 'body')
if held[2] and held[1] == ARGV[1] then return {held[2], now} end
return {'', now}`;

export const lookAnswer = z
  .tuple([z.string(), z.number()])
  .transform(([body, atMs]) => ({ body: body === '' ? null : body, atMs }));
export type LookAnswer = z.infer<typeof lookAnswer>;

/**
 * ARGV: tenant, version, body, time of the look, how old a look may be, TTL. Refused when the look was too long ago, as
 * the floor of a change since then may be gone; and below the floor, or what is held.
 */
export const FILL = `${NOW}
local age = now - tonumber(ARGV[4])
if age < 0 or age >= tonumber(ARGV[5]) then return 0 end
local version = tonumber(ARGV[2])
if version < tonumber(redis.call('GET', KEYS[2]) or 0) then return 0 end
if version < tonumber(redis.call('HGET', KEYS[1], 'version') or 0) then return 0 end
redis.call('HSET', KEYS[1], 'tenant', ARGV[1], 'version', ARGV[2], 'body', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return 1`;

/** ARGV: version, how long the floor stays. Changes may be told in any order: a newer entry, and a higher floor, stay. */
export const DROP = `
local version = tonumber(ARGV[1])
if version >= tonumber(redis.call('GET', KEYS[2]) or 0) then
  redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
end
if tonumber(redis.call('HGET', KEYS[1], 'version') or version) < version then redis.call('DEL', KEYS[1]) end
return 1`;
