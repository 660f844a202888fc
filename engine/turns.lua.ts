/**
 * The turns in Redis. Keys, all behind KEYS[1]:
 *   :ring:u :ring:m   lists of lines ("number:group") that wait, urgent texts and messages; the head's turn is next
 *   :in:u :in:m       sets of the lines in those rings
 *   :line:C:LINE      sorted set of the line's messages, by row, so the first accepted goes first
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
    local line = number .. ':' .. group
    redis.call('HSET', P .. ':want', message .. ':' .. number, count)
    redis.call('ZADD', P .. ':line:' .. class .. ':' .. line, message, message)
    if redis.call('SADD', P .. ':in:' .. class, line) == 1 then redis.call('RPUSH', P .. ':ring:' .. class, line) end
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

local function reserve(number, class)
  local at = now
  if gap > 0 then at = math.max(now, tonumber(redis.call('HGET', P .. ':next', number) or '0')) end
  if at > now + horizon[class] then return nil end
  if width > 0 then
    local slot = math.ceil(at / width)
    local hint = tonumber(redis.call('GET', P .. ':hint') or '0')
    if slot < hint then slot = hint end
    while taken(slot) do slot = slot + 1 end
    at = slot * width
    if at > now + horizon[class] then return nil end
    redis.call('ZADD', P .. ':account', slot, string.format('%.0f', slot))
    if hint < math.floor(now / width) then hint = math.floor(now / width) end
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

local function turn(class, line)
  local number = string.match(line, '^(%d+):')
  local key = P .. ':line:' .. class .. ':' .. line
  local message = redis.call('ZRANGE', key, 0, 0)[1]
  if not message then return 0 end
  local want = tonumber(redis.call('HGET', P .. ':want', message .. ':' .. number) or '0')
  local count, slots = 0, {}
  if limited then
    while count < quantum and count < want do
      local slot = reserve(number, class)
      if not slot then break end
      count = count + 1
      slots[count] = slot
    end
  else
    count = math.min(quantum, want, room)
    room = room - count
  end
  if count > 0 then grant(message, number, slots, count) end
  if count >= want then
    redis.call('HDEL', P .. ':want', message .. ':' .. number)
    redis.call('ZREM', key, message)
    if want == 0 then count = 1 end
  elseif count > 0 then
    redis.call('HINCRBY', P .. ':want', message .. ':' .. number, -count)
  end
  return count
end

for _, class in ipairs({ 'u', 'm' }) do
  local ring, members = P .. ':ring:' .. class, P .. ':in:' .. class
  local idle = 0
  while visits < 20000 and idle < redis.call('LLEN', ring) and (limited or room > 0) do
    visits = visits + 1
    local line = redis.call('LPOP', ring)
    if turn(class, line) > 0 then idle = 0 else idle = idle + 1 end
    if redis.call('EXISTS', P .. ':line:' .. class .. ':' .. line) == 1 then
      redis.call('RPUSH', ring, line)
    else
      redis.call('SREM', members, line)
    end
  end
end

local waiting = redis.call('LLEN', P .. ':ring:u') + redis.call('LLEN', P .. ':ring:m')
local answer = { now, waiting }
for _, one in ipairs(granted) do answer[#answer + 1] = one end
return answer
`;
