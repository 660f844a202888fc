import { MOST_SEGMENTS } from '../rules/text-size.ts';

/**
 * The slots of a carrier's numbers and of our account there, as the script of the fair queue takes them: needs P, now, the
 * pace, the horizons and the room, and defines `reserve`, `isSilent`, `isFull`, `furthest` and what the turns ask of a number.
 */
export const slotsLua = `
local width = pace.account.segment
local furthest = now + horizon.u + 1000
-- What is taken at the horizon may be as long as that.
local longest = 0
for _, of in pairs(pace) do longest = math.max(longest, of.segment * ${MOST_SEGMENTS}, of.mms) end
if width > 0 then
  redis.call('ZREMRANGEBYSCORE', P .. ':account', '-inf', string.format('%.3f', now - width))
  redis.call('ZREMRANGEBYSCORE', P .. ':account', string.format('(%.3f', furthest + longest), '+inf')
end

local kinds, areKinds, kindsNow = {}, nil, {}

local function readKinds(numbers)
  if areKinds == nil then areKinds = redis.call('EXISTS', P .. ':kind') == 1 end
  local known = areKinds and redis.call('HMGET', P .. ':kind', unpack(numbers)) or {}
  for place, number in ipairs(numbers) do kinds[number] = kinds[number] or known[place] or 'long' end
end

local function kindOf(number)
  if not kinds[number] then readKinds({ number }) end
  return kinds[number]
end

local function setKind(number, kind)
  if kindOf(number) ~= kind then kinds[number], kindsNow[number] = kind, kind end
end

local function writeKinds()
  for number, kind in pairs(kindsNow) do
    if kind == 'long' then redis.call('HDEL', P .. ':kind', number) else redis.call('HSET', P .. ':kind', number, kind) end
  end
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
      local at = within(ahead[place], furthest + longest)
      local held = within(silent[place], now + 86400000 + 1000)
      nextAt[number] = { at = math.max(at, held) }
    end
  end
  readKinds(numbers)
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
    local known = within(redis.call('GET', P .. ':hint'), furthest + longest)
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

-- From the first free one on, a segment each.
local function takeSlots(slot, segments)
  while segments > 0 do
    if not isTaken[slot] then
      isTaken[slot] = true
      newSlots[#newSlots + 1] = string.format('%.3f', slot * width)
      segments = segments - 1
    end
    slot = slot + 1
  end
  while isTaken[hint] do hint = hint + 1 end
end

local function take(own, untilThen)
  own.at = untilThen
  own.isNew = true
end

-- The moment of the next text of a number, of so many segments or an MMS; nil where there is none up to the horizon.
local function reserve(number, class, size)
  local own, of = nextOf(number), pace[kindOf(number)]
  local at = math.max(now, own.at)
  if at > now + horizon[class] then return nil end
  local busy = size == 'mms' and of.mms or of.segment * tonumber(size)
  if size == 'mms' and pace.account.mms > 0 then
    local all = nextOf('mms')
    at = math.max(at, all.at)
    if at > now + horizon[class] then
      own.waitsForMms = true
      return nil
    end
    take(all, at + pace.account.mms)
  elseif size ~= 'mms' and width > 0 then
    local slot = math.max(math.ceil(at / width), firstFree())
    while isTaken[slot] do slot = slot + 1 end
    at = slot * width
    if at > now + horizon[class] then return nil end
    takeSlots(slot, tonumber(size))
  end
  if busy > 0 then take(own, at + busy) end
  return math.floor(at)
end

local function writeReserved()
  writeKinds()
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
