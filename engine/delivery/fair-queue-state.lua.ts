/**
 * What the script of the fair queue keeps in Redis, as one call of it sees and changes it: read once, however often it is
 * looked at, and written once, in the end, where it is another then. Most lines are taken out, served and put back where they
 * were. Needs P, now, horizon and quantum; `writeState` writes. Lists are read from their head, as far as they are needed.
 */
export const fairQueueStateLua = `
local function inParts(values, run)
  -- Lua hands on some thousand values at once, not more.
  for at = 1, #values, 1000 do run(unpack(values, at, math.min(at + 999, #values))) end
end

-- front: pushed before the head, the last one first; old: read from Redis; back: pushed behind the tail.
local lists, READ_AT_ONCE = {}, 16

local function listAt(key)
  if not lists[key] then lists[key] = { key = key, front = {}, old = {}, oldAt = 1, back = {}, backAt = 1, isWhole = false } end
  return lists[key]
end

local function haveOld(list)
  if list.oldAt <= #list.old then return true end
  if list.isWhole then return false end
  local more = redis.call('LRANGE', list.key, #list.old, #list.old + READ_AT_ONCE - 1)
  for _, value in ipairs(more) do list.old[#list.old + 1] = value end
  list.isWhole = #more < READ_AT_ONCE
  return #more > 0
end

local function isEmpty(key)
  local list = listAt(key)
  return #list.front == 0 and list.backAt > #list.back and not haveOld(list)
end

local function lengthOf(key)
  local list = listAt(key)
  haveOld(list)
  local old = list.isWhole and #list.old or redis.call('LLEN', key)
  return #list.front + old - list.oldAt + 1 + #list.back - list.backAt + 1
end

local function pop(key)
  local list = listAt(key)
  if #list.front > 0 then return table.remove(list.front) end
  if haveOld(list) then
    list.oldAt = list.oldAt + 1
    return list.old[list.oldAt - 1]
  end
  list.backAt = list.backAt + 1
  return list.back[list.backAt - 1]
end

local function push(key, value)
  local back = listAt(key).back
  back[#back + 1] = value
end

local function pushFront(key, value)
  local front = listAt(key).front
  front[#front + 1] = value
end

local function isAsBefore(list, back)
  local before = list.oldAt - 1
  if before == 0 then return #list.front == 0 and #back == 0 end
  if not list.isWhole or #list.front + #back ~= before then return false end
  for at = 1, #list.old do
    local left = #list.old - list.oldAt + 1
    local value = list.front[#list.front - at + 1]
    if at > #list.front then value = list.old[list.oldAt + at - #list.front - 1] end
    if at > #list.front + left then value = back[at - #list.front - left] end
    if value ~= list.old[at] then return false end
  end
  return true
end

local function writeList(list)
  local back = {}
  for at = list.backAt, #list.back do back[#back + 1] = list.back[at] end
  if isAsBefore(list, back) then return end
  if list.oldAt > 1 then redis.call('LTRIM', list.key, list.oldAt - 1, -1) end
  inParts(back, function(...) redis.call('RPUSH', list.key, ...) end)
  inParts(list.front, function(...) redis.call('LPUSH', list.key, ...) end)
end

local wants, sizes, wantsNow = {}, {}, {}

local function wantOf(name)
  if not wants[name] then
    local count, size = string.match(redis.call('HGET', P .. ':want', name) or '0', '^(%d+):?(%w*)$')
    wants[name], sizes[name] = tonumber(count), size ~= '' and size or '1'
  end
  return wants[name]
end

-- '2' for two segments, or 'mms'.
local function sizeOf(name)
  wantOf(name)
  return sizes[name]
end

local function setWant(name, count, size)
  if size then sizes[name] = size end
  wants[name], wantsNow[name] = count, count
end

-- The first message of a line.
local heads = {}

local function headOf(line)
  if heads[line] == nil then heads[line] = redis.call('ZRANGE', line, 0, 0)[1] or false end
  return heads[line]
end

local rests = {}

local function takeRest(class, group)
  if not rests[class] then
    rests[class] = {}
    local kept = redis.call('HGETALL', P .. ':rest:' .. class)
    for at = 1, #kept, 2 do rests[class][kept[at]] = kept[at + 1] end
  end
  local rest = rests[class][group]
  if rest then
    rests[class][group] = nil
    redis.call('HDEL', P .. ':rest:' .. class, group)
  end
  return tonumber(rest)
end

-- What is left of the turn of a line that was cut short: nothing is, where a turn is of one.
local function keepCut(class, line, left)
  if left > 0 and left < quantum then redis.call('HSET', P .. ':cut:' .. class, line, left) end
end

local function takeCut(class, line)
  if quantum == 1 then return nil end
  local left = redis.call('HGET', P .. ':cut:' .. class, line)
  if left then redis.call('HDEL', P .. ':cut:' .. class, line) end
  return tonumber(left)
end

-- The numbers with parked lines by the moment at which they may send again. old: those up to the horizon, as Redis has them;
-- moved: number -> its moment by now, false where it is out; again: of those the ones up to the horizon, in order.
local wheels, DUE_AT_ONCE = {}, 500

local function wheelOf(class)
  if not wheels[class] then
    wheels[class] = { old = {}, oldAt = 1, isWhole = false, moved = {}, again = {}, againAt = 1 }
  end
  return wheels[class]
end

local function oldDue(class, onRead)
  local wheel = wheelOf(class)
  while true do
    local one = wheel.old[wheel.oldAt]
    if one and wheel.moved[one[1]] == nil then return one end
    if one then
      wheel.oldAt = wheel.oldAt + 1
    elseif wheel.isWhole then
      return nil
    else
      local key, numbers = P .. ':full:' .. class, {}
      local more = redis.call('ZRANGEBYSCORE', key, '-inf', now + horizon[class], 'WITHSCORES', 'LIMIT', #wheel.old, DUE_AT_ONCE)
      for at = 1, #more, 2 do
        wheel.old[#wheel.old + 1] = { more[at], tonumber(more[at + 1]) }
        numbers[#numbers + 1] = more[at]
      end
      wheel.isWhole = #numbers < DUE_AT_ONCE
      if #numbers > 0 then onRead(numbers) end
    end
  end
end

-- The number that may send again first, up to the horizon; those that are read for that are told to onRead.
local function firstDue(class, onRead)
  local wheel, old = wheelOf(class), oldDue(class, onRead)
  while wheel.againAt <= #wheel.again do
    local one = wheel.again[wheel.againAt]
    if wheel.moved[one[1]] == one[2] then return (not old or one[2] < old[2]) and one[1] or old[1] end
    wheel.againAt = wheel.againAt + 1
  end
  return old and old[1]
end

local function moveTo(class, number, at)
  local wheel = wheelOf(class)
  wheel.moved[number] = at
  if not at or at > now + horizon[class] then return end
  local place = #wheel.again + 1
  while place > wheel.againAt and wheel.again[place - 1][2] > at do place = place - 1 end
  table.insert(wheel.again, place, { number, at })
end

local function writeState()
  for _, list in pairs(lists) do writeList(list) end
  local wanted, served = {}, {}
  for name, count in pairs(wantsNow) do
    if count > 0 then
      wanted[#wanted + 1] = name
      wanted[#wanted + 1] = sizes[name] == '1' and count or count .. ':' .. sizes[name]
    else
      served[#served + 1] = name
    end
  end
  inParts(wanted, function(...) redis.call('HSET', P .. ':want', ...) end)
  inParts(served, function(...) redis.call('HDEL', P .. ':want', ...) end)
  for class, wheel in pairs(wheels) do
    local moved, out = {}, {}
    for number, at in pairs(wheel.moved) do
      if at then
        moved[#moved + 1] = at
        moved[#moved + 1] = number
      else
        out[#out + 1] = number
      end
    end
    inParts(moved, function(...) redis.call('ZADD', P .. ':full:' .. class, ...) end)
    inParts(out, function(...) redis.call('ZREM', P .. ':full:' .. class, ...) end)
  end
end
`;
