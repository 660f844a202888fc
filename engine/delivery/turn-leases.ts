import { keys } from '../platform/keys.ts';
import type { RedisClient } from '../platform/redis.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { MOST_SEGMENTS } from '../rules/text-size.ts';
import type { Pace } from './pace.ts';
import { type Lease, MESSAGE_HORIZON } from './pace-arguments.ts';
import { sentUntilLua } from './sent-until.lua.ts';

/**
 * So many segments, or MMS, of the account or a campaign, were missing in a shard of the turns, `least` of them for the first text that
 * was refused; `class`: u for urgent texts, m for messages.
 */
export type Short = { of: string; count: number; least: number; class: 'u' | 'm' };
type Shorts = {
  carrier: CarrierName;
  shard: number;
  shorts: readonly Short[];
  pace: Pace;
  horizonMs: number;
};

/**
 * Shares out what the shards of the turns have in common: this one gets the next segments of the account or campaign, up to the horizon,
 * and no more than a tenth of a second of them before the others that miss some had as many. The senders keep the limit itself.
 */
export async function leaseSlots(
  redis: RedisClient,
  { carrier, shard, shorts, pace, horizonMs }: Shorts,
): Promise<Lease[]> {
  const asked = shorts.flatMap(({ of, count, least, class: urgency }) => {
    const gapMs = gapOf(pace, of);
    const aheadMs = urgency === 'u' ? horizonMs : horizonMs * MESSAGE_HORIZON;
    return [of, gapMs, count, least, Math.max(LEAST_LEASED, Math.floor(LEASE_MS / gapMs)), Math.round(aheadMs)];
  });
  const key = keys.fairQueue(carrier);
  const answer = (await redis.eval(leaseScript, 1, key, shard, Math.round(horizonMs), ...asked)) as string[];
  return shorts.map(({ of }, at) => {
    const [inMs = 0, count = 0, moreInMs = 0] = answer.slice(at * 3, at * 3 + 3).map(Number);
    return { of, inMs, count, moreInMs };
  });
}
const LEASE_MS = 100;
const LEAST_LEASED = 4;
/** Who misses some asks at each pump. */
const FORGOTTEN_MS = 1_000;

/** Milliseconds that a segment, or MMS, takes of it. */
function gapOf({ account, campaigns }: Pace, of: string): number {
  if (of === 'account') return account.segmentMs;
  return of === 'account-mms' ? account.mmsMs : (campaigns.get(of.slice('campaign:'.length)) ?? account.segmentMs);
}

/**
 * ARGV: the shard, and the longest horizon; then for each lease its name, the milliseconds between two, how many are wanted, how many of
 * them at least where there are any, how many more than others a shard may have had, and how far ahead the last may be. Returns for each
 * in how many milliseconds the first is, how many there are, and in how many the next would be. What is further ahead than anybody
 * may lease is from before a clock was set back; where the senders are behind, nothing before their next moment is given.
 *   :leased:NAME   millisecond until which all is leased
 *   :lessees:NAME  hash shard -> how many it had while some missed some, when it asked last, and 1 where it misses some still
 */
const leaseScript = `
local P, shard = KEYS[1], ARGV[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local function within(value, furthest)
  local at = tonumber(value or '0')
  return at > furthest and 0 or at
end

-- How many this shard had since some began to miss some, and the least that one had that misses some too.
local function servedOf(name)
  local key, mine, isMissing, least = P .. ':lessees:' .. name, 0, false, math.huge
  local known = redis.call('HGETALL', key)
  for at = 1, #known, 2 do
    local served, asked, misses = string.match(known[at + 1], '^(%d+) (%d+) (%d)$')
    if math.abs(now - tonumber(asked)) > ${FORGOTTEN_MS} then
      redis.call('HDEL', key, known[at])
    else
      if known[at] == shard then mine, isMissing = tonumber(served), misses == '1'
      elseif misses == '1' then least = math.min(least, tonumber(served)) end
    end
  end
  -- Who missed nothing has no claim to what it could have had.
  if not isMissing and least < math.huge then mine = math.max(mine, least) end
  return mine, math.min(mine, least)
end

${sentUntilLua}
local answer = {}
for each = 3, #ARGV, 6 do
  local name, gap, want, least, quantum, ahead = ARGV[each], unpack(ARGV, each + 1, each + 5)
  gap, want, least = tonumber(gap), tonumber(want), tonumber(least)
  local leased = within(redis.call('GET', P .. ':leased:' .. name), now + tonumber(ARGV[2]) + ${MOST_SEGMENTS} * gap + 1000)
  local sent = within(redis.call('GET', P .. ':sent:' .. name), now + math.max(60000, 100 * gap))
  local at, count = math.max(now, leased, sentUntil(name, sent, gap)), 0
  local mine, lowest = servedOf(name)
  local fair = lowest + tonumber(quantum) - mine
  if at <= now + ahead and fair > 0 then
    count = math.min(want, math.max(least, math.min(fair, math.floor((now + ahead - at) / gap) + 1)))
  end
  local over = at + count * gap
  if count > 0 then redis.call('SET', P .. ':leased:' .. name, string.format('%.3f', over), 'PX', math.ceil(over - now) + 1000) end
  redis.call('HSET', P .. ':lessees:' .. name, shard, string.format('%d %.0f %d', mine + count, now, count < want and 1 or 0))
  redis.call('PEXPIRE', P .. ':lessees:' .. name, 60000)
  for _, value in ipairs({ at - now, count, over - now }) do answer[#answer + 1] = string.format('%.3f', value) end
end
return answer
`;
