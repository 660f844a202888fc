import { sentUntilLua } from './sent-until.lua.ts';

/**
 * The slots of what many numbers share, the account at the carrier or a campaign, of one segment each, as a call of the fair
 * queue's script sees and changes them: read once, written in the end. Needs now, horizon, furthest, longest, `within`, `sentOf`
 * and `untilSent`. Where turns have more shards than one, `leasedSlotsLua` does the same with what a shard has leased.
 */
export const sharedSlotsLua = `
${sentUntilLua}
-- All before that is taken.
local function knownOf(shared)
  local known = within(redis.call('GET', shared.hint), furthest + longest)
  local sent = untilSent(sentOf({ shared.sent })[1], shared.width)
  return math.max(known, sentUntil(shared.sent, sent, shared.width))
end

local function firstOf(shared)
  if not shared.first then
    local slotMs, known = shared.width, knownOf(shared)
    shared.first = math.max(math.ceil(now / slotMs), math.ceil(known / slotMs - 0.001))
    for _, at in ipairs(redis.call('ZRANGEBYSCORE', shared.key, string.format('%.3f', (shared.first - 1) * slotMs), '+inf')) do
      -- A slot of another pace lies between two of ours, and takes both.
      shared.isTaken[math.floor(tonumber(at) / slotMs + 0.001)] = true
      shared.isTaken[math.ceil(tonumber(at) / slotMs - 0.001)] = true
    end
    while shared.isTaken[shared.first] do shared.first = shared.first + 1 end
  end
  return shared.first
end

local sharedSlots = { known = knownOf }

function sharedSlots.firstFree(shared) return firstOf(shared) * shared.width end

-- Up to the horizon nobody of the class can have more.
function sharedSlots.isFull(shared, class) return shared:firstFree() > now + horizon[class] end

-- The first moment from then on that is free; whole slots, which a moment may be a hair before for being a fraction.
function sharedSlots.from(shared, at)
  local slot = math.max(math.ceil(at / shared.width - 0.000001), firstOf(shared))
  while shared.isTaken[slot] do slot = slot + 1 end
  return slot * shared.width
end

function sharedSlots.isTakenAt(shared, at) return shared.isTaken[math.floor(at / shared.width + 0.000001)] end

-- From that moment on, a slot each.
function sharedSlots.take(shared, at, segments)
  local slot = math.floor(at / shared.width + 0.000001)
  while segments > 0 do
    if not shared.isTaken[slot] then
      shared.isTaken[slot] = true
      shared.new[#shared.new + 1] = string.format('%.3f', slot * shared.width)
      segments = segments - 1
    end
    slot = slot + 1
  end
  while shared.isTaken[shared.first] do shared.first = shared.first + 1 end
end

function sharedSlots.write(shared)
  for at = 1, #shared.new, 500 do
    local both = {}
    for each = at, math.min(at + 499, #shared.new) do
      both[#both + 1] = shared.new[each]
      both[#both + 1] = shared.new[each]
    end
    redis.call('ZADD', shared.key, unpack(both))
  end
  if #shared.new > 0 then redis.call('SET', shared.hint, string.format('%.3f', shared.first * shared.width)) end
end

-- sent: by which name the senders take its moments.
local function openShared(shared)
  redis.call('ZREMRANGEBYSCORE', shared.key, '-inf', string.format('%.3f', now - shared.width))
  redis.call('ZREMRANGEBYSCORE', shared.key, string.format('(%.3f', furthest + longest), '+inf')
  shared.isTaken, shared.new = {}, {}
  return setmetatable(shared, { __index = sharedSlots })
end
`;
