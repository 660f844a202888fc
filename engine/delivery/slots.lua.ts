/**
 * The slots of a carrier's numbers and of our account there, as the script of the fair queue takes them: needs P, now, the
 * limits, the horizons and the room, and defines `reserve`, `isSilent`, `isFull`, `furthest` and what the turns ask of a number.
 */
export const slotsLua = `
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

local function readNext(numbers)
  local ahead, silent = redis.call('HMGET', P .. ':next', unpack(numbers)), redis.call('HMGET', P .. ':held', unpack(numbers))
  for place, number in ipairs(numbers) do
    if not nextAt[number] then
      local at = within(ahead[place], furthest + gap)
      local held = within(silent[place], now + 86400000 + 1000)
      nextAt[number] = { at = math.max(at, held) }
    end
  end
end

local function nextOf(number)
  if not nextAt[number] then readNext({ number }) end
  return nextAt[number]
end

-- Without a limit, only who is silent waits.
local isAnySilent
local function isSilent(number)
  if isAnySilent == nil then isAnySilent = redis.call('EXISTS', P .. ':held') == 1 end
  return isAnySilent and nextOf(number).at > now
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

-- Up to the horizon nobody of the class can have more.
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
`;
