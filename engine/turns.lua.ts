/**
 * The turns in Redis. Keys, all behind KEYS[1]; C is a class, u for urgent texts and m for messages:
 *   :ring:C           list of groups that wait; the head's turn is next
 *   :credit:C         what is left of the head's turn, where it was cut short
 *   :lines:C:GROUP    list of the numbers through which a group waits; they take turns within the group's turn
 *   :line:C:LINE      sorted set of the messages of a line ("number:group"), by row, so the first accepted goes first
 *   :want             hash "message:number" -> deliveries that still want a slot
 *   :next             hash number -> first millisecond at which it may send again
 *   :account          sorted set of the account's taken slots, numbered by time; everything before :hint is taken
 */
export const turnsScript = `
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
if accountMps > 0 then
  redis.call('ZREMRANGEBYSCORE', P .. ':account', '-inf', math.floor(now / width) - 1)
end

local function taken(slot)
  return redis.call('ZSCORE', P .. ':account', string.format('%.0f', slot))
end

local function firstFree()
  return math.max(math.ceil(now / width), tonumber(redis.call('GET', P .. ':hint') or '0'))
end

local function isFull(class)
  if not limited then return room <= 0 end
  return width > 0 and firstFree() * width > now + horizon[class]
end

local function reserve(number, class)
  local at = math.max(now, tonumber(redis.call('HGET', P .. ':next', number) or '0'))
  if at > now + horizon[class] then return nil end
  if width > 0 then
    local hint = firstFree()
    local slot = math.max(math.ceil(at / width), hint)
    while taken(slot) do slot = slot + 1 end
    at = slot * width
    if at > now + horizon[class] then return nil end
    redis.call('ZADD', P .. ':account', slot, string.format('%.0f', slot))
    while taken(hint) do hint = hint + 1 end
    redis.call('SET', P .. ':hint', string.format('%.0f', hint))
  end
  if gap > 0 then redis.call('HSET', P .. ':next', number, string.format('%.3f', at + gap)) end
  return math.floor(at)
end

local granted, byName, visits = {}, {}, 0

local function grant(message, number, slots, count)
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

-- Serves the first message of a line; answers how many slots it got, and whether that changed anything.
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
  if count > 0 then grant(message, number, slots, count) end
  if count >= want then
    redis.call('HDEL', P .. ':want', message .. ':' .. number)
    redis.call('ZREM', line, message)
    return count, true
  end
  if count > 0 then redis.call('HINCRBY', P .. ':want', message .. ':' .. number, -count) end
  return count, count > 0
end

-- One turn of a group, over its numbers; answers how many slots it got, and whether that changed anything.
local function turn(class, group, most)
  local lines = P .. ':lines:' .. class .. ':' .. group
  local count, idle, changed = 0, 0, false
  while count < most and idle < redis.call('LLEN', lines) do
    visits = visits + 1
    local number = redis.call('LPOP', lines)
    local line = P .. ':line:' .. class .. ':' .. number .. ':' .. group
    local got, progressed = serve(class, number, line, most - count)
    count = count + got
    changed = changed or progressed
    if progressed then idle = 0 else idle = idle + 1 end
    if redis.call('EXISTS', line) == 1 then redis.call('RPUSH', lines, number) end
  end
  return count, changed
end

for _, class in ipairs({ 'u', 'm' }) do
  local ring, credit = P .. ':ring:' .. class, P .. ':credit:' .. class
  local idle = 0
  while visits < 20000 and idle < redis.call('LLEN', ring) and not isFull(class) do
    local group = redis.call('LPOP', ring)
    local most = tonumber(redis.call('GET', credit) or quantum)
    redis.call('DEL', credit)
    local count, changed = turn(class, group, most)
    if changed then idle = 0 else idle = idle + 1 end
    if redis.call('EXISTS', P .. ':lines:' .. class .. ':' .. group) == 1 then
      -- Cut short because nobody can have more now: it goes on with the rest of its turn.
      if count < most and isFull(class) then
        redis.call('LPUSH', ring, group)
        redis.call('SET', credit, most - count)
      else
        redis.call('RPUSH', ring, group)
      end
    end
  end
end

local waiting = redis.call('LLEN', P .. ':ring:u') + redis.call('LLEN', P .. ':ring:m')
local answer = { now, waiting }
for _, one in ipairs(granted) do answer[#answer + 1] = one end
return answer
`;

/** Keeps a number (ARGV[1]) silent for so many milliseconds (ARGV[2]) from now; never shortens what it waits already. */
export const holdScript = `
local time = redis.call('TIME')
local at = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[2])
local next = tonumber(redis.call('HGET', KEYS[1] .. ':next', ARGV[1]) or '0')
if at > next then redis.call('HSET', KEYS[1] .. ':next', ARGV[1], string.format('%.0f', at)) end
`;

/**
 * Keeps the sends of somebody (ARGV[1]: a number, or the account) ARGV[2] milliseconds apart: answers in how many
 * milliseconds this one may go out. A moment that is too far ahead is from before a clock was set back.
 */
export const spacingScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local gap = tonumber(ARGV[2])
local key = KEYS[1] .. ':sent:' .. ARGV[1]
local at = math.max(now, tonumber(redis.call('GET', key) or '0'))
if at - now > math.max(60000, 100 * gap) then at = now end
redis.call('SET', key, string.format('%.3f', at + gap), 'PX', math.ceil(at + gap - now) + 1000)
return math.ceil(at - now)
`;
