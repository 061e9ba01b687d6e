import { createHash } from 'node:crypto';
import type { RedisClient } from '@tidemark/queue';

/** A script and its hash, so that it travels once. */
export interface RedisScript {
  lua: string;
  sha: string;
}

function script(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** The keys Bottleneck 2.19.5 keeps for a limiter, in its order, and behind them the lock of ours. */
export function poolKeys(id: string): string[] {
  const names = [
    'settings',
    'job_weights',
    'job_expirations',
    'job_clients',
    'client_running',
    'client_num_queued',
    'client_last_registered',
    'client_last_seen',
    'booking_lock',
  ];
  return names.map((name) => `b_${id}_${name}`);
}

/** What `CLAIM` answers: its kind, the milliseconds to wait, Redis's time, and what was put off, in milliseconds. */
export type ClaimKind = 'free' | 'rate' | 'concurrency' | 'busy' | 'lost' | 'unknown' | 'settings';

/**
 * Looks at a pool, and takes its booking lock when a slot is to be booked now. Between a look and Bottleneck's own
 * two scripts other processes could book too, and the slot would be further away than it looked.
 *
 * ARGV: token ('' to look only), lock ms, client id, max wait ms, spacing ms, max concurrent or '', key TTL ms.
 * lost: the keys are gone; unknown: Bottleneck forgot this process; settings: others than ours are in force.
 * These three come with the lock, for the one who mends it; busy: another process has the lock.
 */
export const CLAIM = script(`
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local token, client = ARGV[1], ARGV[3]
local set = redis.call('hmget', KEYS[1], 'nextRequest', 'running', 'minTime', 'maxConcurrent', 'putOff')
local function answer(kind, wait)
  return {kind, tostring(wait), tostring(now), set[5] or '0'}
end
local function locked(kind, wait)
  local owner = redis.call('get', KEYS[9])
  if owner and owner ~= token then return answer('busy', 0) end
  redis.call('set', KEYS[9], token, 'px', ARGV[2])
  return answer(kind, wait)
end
if not set[1] then
  if token == '' then return answer('free', 0) end
  return locked('lost', 0)
end
if token ~= '' then
  if not redis.call('zscore', KEYS[8], client) then return locked('unknown', 0) end
  if tonumber(set[3]) ~= tonumber(ARGV[5]) or set[4] ~= ARGV[6] then return locked('settings', 0) end
end
for i = 1, 8 do redis.call('pexpire', KEYS[i], ARGV[7]) end
local wait = math.max(tonumber(set[1]) - now, 0)
if wait > tonumber(ARGV[4]) then return answer('rate', wait) end
local max = tonumber(ARGV[6])
if max and tonumber(set[2]) >= max then return answer('concurrency', wait) end
if token == '' then return answer('free', wait) end
return locked('free', wait)
`);

/** Gives the lock back if it is still ours. ARGV: token. */
export const UNLOCK = script(`
if redis.call('get', KEYS[9]) == ARGV[1] then redis.call('del', KEYS[9]) end
return 1
`);

/** Puts the next slot at the distance of changed settings from the last one. ARGV: the new spacing ms. */
export const RESPACE = script(`
local set = redis.call('hmget', KEYS[1], 'nextRequest', 'minTime')
if not set[1] then return 0 end
local nextRequest = tonumber(set[1]) - tonumber(set[2]) + tonumber(ARGV[1])
redis.call('hset', KEYS[1], 'nextRequest', string.format('%.1f', nextRequest))
return 1
`);

/** Lets no slot begin within the next ARGV[1] ms. */
export const HOLD = script(`
local time = redis.call('time')
local free = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
local nextRequest = redis.call('hget', KEYS[1], 'nextRequest')
if not nextRequest or tonumber(nextRequest) >= free then return 0 end
redis.call('hset', KEYS[1], 'nextRequest', string.format('%.1f', free))
return 1
`);

/** Puts off the next slot and all that follow. ARGV: the ms, and what was put off at the booking they are for. */
export const PUT_OFF = script(`
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local set = redis.call('hmget', KEYS[1], 'nextRequest', 'putOff')
if not set[1] then return 0 end
local total = tonumber(set[2] or '0')
local ms = tonumber(ARGV[1]) - math.max(total - tonumber(ARGV[2]), 0)
if ms <= 0 then return 0 end
local nextRequest = math.max(tonumber(set[1]), now) + ms
redis.call('hset', KEYS[1], 'nextRequest', string.format('%.1f', nextRequest), 'putOff', string.format('%.1f', total + ms))
return 1
`);

/** Runs a script by its hash, and sends it where Redis does not know it (any more). */
export async function runScript(
  client: RedisClient,
  { lua, sha }: RedisScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) {
      throw error;
    }
    return client.eval(lua, keys.length, ...keys, ...args);
  }
}
