/**
 * The fair queue of one carrier in Redis. Keys, all behind KEYS[1]; C is a class, u for urgent texts and m for messages:
 *   :ring:C           list of groups that wait; the head's turn is next
 *   :rest:C           hash group -> what is left of its turn, where that was cut short
 *   :lines:C:GROUP    list of the numbers through which a group waits; they take turns within the group's turn
 *   :line:C:LINE      sorted set of the messages of a line ("number:group"), by row, so the first accepted goes first
 *   :want             hash "message:number" -> deliveries that still want a slot
 *   :next             hash number -> first millisecond at which it may send again
 *   :held             hash number -> millisecond until which the carrier wants it silent
 *   :account          sorted set of the taken slots of our account there, in milliseconds; everything before :hint is taken
 * All are times, so that they mean the same when a pace is another. What is further ahead than anybody may reserve is from
 * before a clock was set back, and counts for nothing.
 */
export const fairQueueScript = `
local P = KEYS[1]
local numberMps, accountMps = tonumber(ARGV[1]), tonumber(ARGV[2])
local horizon = { u = tonumber(ARGV[3]), m = tonumber(ARGV[4]) }
local quantum, room = tonumber(ARGV[5]), tonumber(ARGV[6])
local limited = numberMps > 0 or accountMps > 0
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

for at = 7, #ARGV, 5 do
  local class, number, group, message, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
  if count > 0 then
    local line = P .. ':line:' .. class .. ':' .. number .. ':' .. group
    local isNew = redis.call('EXISTS', line) == 0
    redis.call('HSET', P .. ':want', message .. ':' .. number, count)
    redis.call('ZADD', line, message, message)
    if isNew and redis.call('RPUSH', P .. ':lines:' .. class .. ':' .. group, number) == 1 then
      redis.call('RPUSH', P .. ':ring:' .. class, group)
    end
  end
end

local width = accountMps > 0 and 1000 / accountMps or 0
local gap = numberMps > 0 and 1000 / numberMps or 0
local furthest = now + horizon.u + 1000
if accountMps > 0 then
  redis.call('ZREMRANGEBYSCORE', P .. ':account', '-inf', string.format('%.3f', now - width))
  redis.call('ZREMRANGEBYSCORE', P .. ':account', string.format('(%.3f', furthest), '+inf')
end

local function within(at, limit)
  at = tonumber(at or '0')
  return at > limit and 0 or at
end

-- What is reserved in this call is kept here and written at its end: a few commands, however many slots.
local nextAt, hint, isTaken, newSlots = {}, nil, {}, {}

local function nextOf(number)
  if not nextAt[number] then
    local at = within(redis.call('HGET', P .. ':next', number), furthest + gap)
    local held = within(redis.call('HGET', P .. ':held', number), now + 86400000 + 1000)
    nextAt[number] = { at = math.max(at, held) }
  end
  return nextAt[number]
end

local function firstFree()
  if not hint then
    local known = within(redis.call('GET', P .. ':hint'), furthest + width)
    hint = math.max(math.ceil(now / width), math.ceil(known / width - 0.001))
    for _, at in ipairs(redis.call('ZRANGEBYSCORE', P .. ':account', string.format('%.3f', (hint - 1) * width), '+inf')) do
      -- A slot of another pace lies between two of ours, and takes both.
      isTaken[math.floor(tonumber(at) / width + 0.001)] = true
      isTaken[math.ceil(tonumber(at) / width - 0.001)] = true
    end
    while isTaken[hint] do hint = hint + 1 end
  end
  return hint
end

local function isFull(class)
  if not limited then return room <= 0 end
  return width > 0 and firstFree() * width > now + horizon[class]
end

local function reserve(number, class)
  local own = nextOf(number)
  local at = math.max(now, own.at)
  if at > now + horizon[class] then return nil end
  if width > 0 then
    local slot = math.max(math.ceil(at / width), firstFree())
    while isTaken[slot] do slot = slot + 1 end
    at = slot * width
    if at > now + horizon[class] then return nil end
    isTaken[slot] = true
    newSlots[#newSlots + 1] = string.format('%.3f', at)
    while isTaken[hint] do hint = hint + 1 end
  end
  if gap > 0 then
    own.at = at + gap
    own.isNew = true
  end
  return math.floor(at)
end

local function writeReserved()
  local changed = {}
  for number, own in pairs(nextAt) do
    if own.isNew then
      changed[#changed + 1] = number
      changed[#changed + 1] = string.format('%.3f', own.at)
    end
  end
  -- Lua hands on some thousand values at once, not more.
  for at = 1, #changed, 1000 do
    redis.call('HSET', P .. ':next', unpack(changed, at, math.min(at + 999, #changed)))
  end
  for at = 1, #newSlots, 500 do
    local both = {}
    for each = at, math.min(at + 499, #newSlots) do
      both[#both + 1] = newSlots[each]
      both[#both + 1] = newSlots[each]
    end
    redis.call('ZADD', P .. ':account', unpack(both))
  end
  if #newSlots > 0 then redis.call('SET', P .. ':hint', string.format('%.3f', hint * width)) end
end

local granted, byName, visits = {}, {}, 0

local function reservation(message, number, slots, count)
  local name = message .. ':' .. number
  local one = byName[name]
  if not one then
    one = { message, number, 0 }
    byName[name] = one
    granted[#granted + 1] = one
  end
  one[3] = one[3] + count
  for _, slot in ipairs(slots) do one[#one + 1] = string.format('%.0f', slot) end
end

-- Serves the first message of a line; returns how many slots it got, whether that changed anything, and whether the
-- line still waits.
local function serve(class, number, line, most)
  local message = redis.call('ZRANGE', line, 0, 0)[1]
  local want = tonumber(redis.call('HGET', P .. ':want', message .. ':' .. number) or '0')
  local count, slots = 0, {}
  if limited then
    while count < most and count < want do
      local slot = reserve(number, class)
      if not slot then break end
      count = count + 1
      slots[count] = slot
    end
  else
    count = math.min(most, want, room)
    room = room - count
  end
  if count > 0 then reservation(message, number, slots, count) end
  if count >= want then
    redis.call('HDEL', P .. ':want', message .. ':' .. number)
    redis.call('ZREM', line, message)
    return count, true, redis.call('EXISTS', line) == 1
  end
  if count > 0 then redis.call('HINCRBY', P .. ':want', message .. ':' .. number, -count) end
  return count, count > 0, true
end

-- One turn of a group, over its numbers; returns how many slots it got, and how many of its lines still wait.
local function turn(class, group, most)
  local lines = P .. ':lines:' .. class .. ':' .. group
  local left = redis.call('LLEN', lines)
  local count, idle = 0, 0
  while count < most and idle < left do
    visits = visits + 1
    local number = redis.call('LPOP', lines)
    local line = P .. ':line:' .. class .. ':' .. number .. ':' .. group
    local got, progressed, waits = serve(class, number, line, most - count)
    count = count + got
    if progressed then idle = 0 else idle = idle + 1 end
    if waits then redis.call('RPUSH', lines, number) else left = left - 1 end
  end
  return count, left
end

for _, class in ipairs({ 'u', 'm' }) do
  local ring, rest = P .. ':ring:' .. class, P .. ':rest:' .. class
  local groups, passed = redis.call('LLEN', ring), {}
  while visits < 20000 and groups > 0 and not isFull(class) do
    local group = redis.call('LPOP', ring)
    local saved = redis.call('HGET', rest, group)
    if saved then redis.call('HDEL', rest, group) end
    local most = tonumber(saved or quantum)
    local count, left = turn(class, group, most)
    if left == 0 then
      groups = groups - 1
    elseif count < most and isFull(class) then
      -- Cut short because nobody can have more now: it goes on with the rest of its turn.
      redis.call('LPUSH', ring, group)
      redis.call('HSET', rest, group, most - count)
    elseif count > 0 then
      redis.call('RPUSH', ring, group)
    else
      passed[#passed + 1] = group
      groups = groups - 1
    end
  end
  -- Whose numbers others have taken up to the horizon comes before those others the next time.
  for at = #passed, 1, -1 do redis.call('LPUSH', ring, passed[at]) end
end
writeReserved()

local waiting = redis.call('LLEN', P .. ':ring:u') + redis.call('LLEN', P .. ':ring:m')
local answer = { now, waiting }
for _, one in ipairs(granted) do answer[#answer + 1] = one end
return answer
`;

/** Takes messages (ARGV[2] and on) of a group (ARGV[1]) out of all its lines. */
export const dropScript = `
local P, group = KEYS[1], ARGV[1]
local lines, ring = P .. ':lines:m:' .. group, P .. ':ring:m'
for _, number in ipairs(redis.call('LRANGE', lines, 0, -1)) do
  local line = P .. ':line:m:' .. number .. ':' .. group
  for at = 2, #ARGV do
    redis.call('ZREM', line, ARGV[at])
    redis.call('HDEL', P .. ':want', ARGV[at] .. ':' .. number)
  end
  if redis.call('EXISTS', line) == 0 then redis.call('LREM', lines, 0, number) end
end
if redis.call('EXISTS', lines) == 0 then
  redis.call('LREM', ring, 0, group)
  redis.call('HDEL', P .. ':rest:m', group)
end
`;

/** Keeps a number (ARGV[1]) silent for ARGV[2] milliseconds from now; never shortens what it waits already. */
export const holdScript = `
local time = redis.call('TIME')
local at = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[2])
local held = tonumber(redis.call('HGET', KEYS[1] .. ':held', ARGV[1]) or '0')
-- A day is the longest that anybody is kept silent: more is from before a clock was set back.
if at > held or held > at + 86400000 then redis.call('HSET', KEYS[1] .. ':held', ARGV[1], string.format('%.0f', at)) end
`;

/**
 * For how many milliseconds a number (ARGV[1]) could have had a slot: negative while its next one, or the account's, is
 * still to come.
 */
export const freeScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function at(value) return tonumber(value or '0') end
local account = at(redis.call('GET', KEYS[1] .. ':hint'))
local next = at(redis.call('HGET', KEYS[1] .. ':next', ARGV[1]))
local held = at(redis.call('HGET', KEYS[1] .. ':held', ARGV[1]))
return string.format('%.0f', now - math.max(next, held, account))
`;
