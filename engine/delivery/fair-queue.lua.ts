import { fairQueueStateLua } from './fair-queue-state.lua.ts';
import { paceArgumentsLua } from './pace-arguments.ts';
import { slotsLua } from './slots.lua.ts';

/**
 * The fair queue of one carrier in Redis. Keys, all behind KEYS[1]; C is a class, u for urgent texts and m for messages:
 *   :ring:C           list of groups that could be served; the head's turn is next
 *   :rest:C           hash group -> what is left of its turn, where that was cut short; :cut:C the same of a line
 *   :lines:C:GROUP    list of the numbers through which a group could be served; they take turns within the group's turn
 *   :full:C           sorted set of the numbers with parked lines, by the millisecond at which they may send again
 *   :parked:C:NUMBER  list of the groups whose lines wait until that number may send again; the head is next
 *   :numbers:C:GROUP  set of the numbers through which a group waits, parked or not
 *   :line:C:LINE      sorted set of the messages of a line ("number:group"), by row, so the first accepted goes first
 *   :want             hash "message:number" -> deliveries that still want a slot; ":" and their size behind it, but for 1
 *   :next             hash number -> first millisecond at which it may send again; mms: the account an MMS
 *   :kind             hash number -> its class where that is not long
 *   :campaign         hash number -> its campaign, where that has a pace
 *   :held             hash number -> millisecond until which the carrier, or an operator, wants it silent
 *   :sent:NAME        millisecond until which the senders may send no more of a number, the account or a campaign
 *   :holes:NAME       what they have left free before that of the account or a campaign, "from-until;…"
 *   :account          sorted set of the taken slots of our account there, in milliseconds; everything before :hint is taken
 *   :campaign:NAME    the same of a campaign; everything before :campaign-hint:NAME is taken
 *   :lease            hash account, account-mms or campaign:NAME -> what this shard has leased of it, where there are more shards
 *   :missed           set of the numbers whose text found too little leased: they are first when more is
 * A line is parked when its number has no slot left up to the horizon, so a call costs by who is served, not by who waits.
 * All are times, which mean the same at another pace; what is further ahead than anybody may reserve counts for nothing.
 */
export const fairQueueScript = `
${paceArgumentsLua}
${slotsLua}
${fairQueueStateLua}
local function lineOf(class, number, group) return P .. ':line:' .. class .. ':' .. number .. ':' .. group end
local function parkedAt(class, number) return P .. ':parked:' .. class .. ':' .. number end

local function addToRing(class, group, number, put)
  local lines = P .. ':lines:' .. class .. ':' .. group
  if isEmpty(lines) then put(P .. ':ring:' .. class, group) end
  push(lines, number)
end

local asking = {}
for at = firstRequest + 1, #ARGV, 8 do asking[#asking + 1] = ARGV[at] end
inParts(asking, function(...)
  kinds.read({ ... })
  campaignNames.read({ ... })
end)

for at = firstRequest, #ARGV, 8 do
  local class, number, group, message, count = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
  kinds.set(number, ARGV[at + 6])
  campaignNames.set(number, ARGV[at + 7])
  if count > 0 then
    setWant(message .. ':' .. number, count, ARGV[at + 5])
    redis.call('ZADD', lineOf(class, number, group), message, message)
    if redis.call('SADD', P .. ':numbers:' .. class .. ':' .. group, number) == 1 then
      if not isEmpty(parkedAt(class, number)) then
        push(parkedAt(class, number), group)
      else
        addToRing(class, group, number, push)
      end
    end
  end
end

local granted, byName, visits = {}, {}, 0

-- Numbers whose text was refused before, for which something may have been leased since; and those of this call.
local hasMissed, misses, isMissed = {}, {}, false
if isLeased then
  for _, number in ipairs(redis.call('SMEMBERS', P .. ':missed')) do hasMissed[number] = true end
end

local function reservation(message, number, slots, count)
  local name = message .. ':' .. number
  local one = byName[name]
  if not one then
    one = { message, number, 0, sizeOf(name) }
    byName[name] = one
    granted[#granted + 1] = one
  end
  one[3] = one[3] + count
  for _, slot in ipairs(slots) do one[#one + 1] = string.format('%.0f', slot) end
end

-- Serves the first message of a line; returns how many slots it got, whether those are all it wants, and whether the
-- line still waits.
local function serve(class, number, line, most)
  local message = headOf(line)
  isMissed = false
  if not message then return 0, true, false end
  local name = message .. ':' .. number
  local want = wantOf(name)
  local count, slots = 0, {}
  if limited then
    while count < most and count < want do
      local slot = reserve(number, class, sizeOf(name))
      if not slot then
        local missed, segments = math.min(most, want) - count, tonumber(sizeOf(name)) or 1
        isMissed = isLeased and noteShort(class, math.min(missed, roomOf(number, class, sizeOf(name))) * segments, segments)
        break
      end
      count = count + 1
      slots[count] = slot
    end
  elseif not isSilent(number) then
    count = math.min(most, want, room)
    room = room - count
  end
  if count > 0 then reservation(message, number, slots, count) end
  if count >= want then
    setWant(name, 0)
    redis.call('ZREM', line, message)
    heads[line] = nil
    return count, true, headOf(line) ~= false
  end
  if count > 0 then setWant(name, want - count) end
  return count, false, true
end

local function wakeAt(class, number, at) moveTo(class, number, math.min(at, furthest)) end

-- Parks a line whose number has no more moments, before the others of that number, with what is left of its turn: but after
-- this call, in the order in which they came.
local passed
local function park(class, number, group, left)
  local own = nextOf(number)
  local at, isMms = freeAt(number), own.waitsForMms
  own.waitsForMms = nil
  -- Where the number could send, but all moments of the account or campaign that are left are before that.
  if at <= now + horizon[class] then at = now + horizon[class] + (isLeased and 0 or math.max(1, width)) end
  if isMissed then misses[#misses + 1] = number end
  keepCut(class, number .. ':' .. group, left)
  passed[#passed + 1] = { number, group, at, isMms }
end

-- Takes the first line of a number that may send again out of the parked ones; the next follows after as long as this one
-- may need, or right when it is known what it got.
local function wake(class)
  while true do
    local number = firstDue(class, readNext)
    if not number then return end
    local at = freeAt(number)
    visits = visits + 1
    if at > now + horizon[class] then
      wakeAt(class, number, at)
    else
      local group = pop(parkedAt(class, number))
      if isEmpty(parkedAt(class, number)) then
        moveTo(class, number, false)
      else
        wakeAt(class, number, math.max(now, at) + quantum * pace[kinds.get(number)].segment)
      end
      if group and hasMissed[number] then redis.call('SREM', P .. ':missed', number) end
      if group then return addToRing(class, group, number, hasMissed[number] and pushFront or push) end
    end
  end
end

-- One turn of a group, over its numbers; returns how many slots it got, and whether it could have more.
local function turn(class, group, most)
  local lines = P .. ':lines:' .. class .. ':' .. group
  local count, left = 0, lengthOf(lines)
  while count < most and left > 0 and not isFull(class) do
    visits = visits + 1
    local number = pop(lines)
    local allowed = math.min(most - count, takeCut(class, number .. ':' .. group) or quantum)
    local got, isAll, waits = serve(class, number, lineOf(class, number, group), allowed)
    count = count + got
    -- Others may follow as soon as this one has what it got.
    local others = not isEmpty(parkedAt(class, number))
    if others then wakeAt(class, number, freeAt(number)) end
    if not waits then
      redis.call('SREM', P .. ':numbers:' .. class .. ':' .. group, number)
      left = left - 1
    elseif got == allowed and (others or isPaced(number)) then
      -- Who has had a turn on a number is behind all who wait for it, in the ring too.
      push(parkedAt(class, number), group)
      wakeAt(class, number, freeAt(number))
      left = left - 1
    elseif isAll or got == allowed or isFull(class) then
      push(lines, number)
      if allowed - got < most - count then keepCut(class, number .. ':' .. group, allowed - got) end
    else
      park(class, number, group, allowed - got)
      left = left - 1
    end
  end
  return count, left > 0
end

for _, class in ipairs({ 'u', 'm' }) do
  local ring, rest, full = P .. ':ring:' .. class, P .. ':rest:' .. class, P .. ':full:' .. class
  for _, number in ipairs(redis.call('ZRANGEBYSCORE', full, '(' .. furthest, '+inf', 'LIMIT', 0, 1000)) do
    redis.call('ZADD', full, now, number)
  end
  visits, passed = 0, {}
  while visits < 5000 and not isFull(class) do
    wake(class)
    local group = pop(ring)
    if not group then break end
    local most = takeRest(class, group) or quantum
    local count, waits = turn(class, group, most)
    if waits and count < most and isFull(class) then
      -- Cut short because nobody can have more now: it goes on with the rest of its turn.
      pushFront(ring, group)
      redis.call('HSET', rest, group, most - count)
    elseif waits then
      push(ring, group)
    end
  end
  for at = #passed, 1, -1 do
    local number, group, wakesAt, isMms = unpack(passed[at])
    -- Who waits for the account's next MMS keeps nobody else from the number.
    local put = isMms and push or pushFront
    put(parkedAt(class, number), group)
    wakeAt(class, number, wakesAt)
  end
end
inParts(misses, function(...) redis.call('SADD', P .. ':missed', ...) end)
for name, short in pairs(shorts) do
  -- Who could not be asked any more wants one each, at least.
  if name == 'account' then short.count = short.count + lengthOf(P .. ':ring:' .. short.class) end
end
writeReserved()
writeState()

local waiting = 0
for _, key in ipairs({ ':ring:u', ':ring:m' }) do waiting = waiting + redis.call('LLEN', P .. key) end
for _, key in ipairs({ ':full:u', ':full:m' }) do waiting = waiting + redis.call('ZCARD', P .. key) end
local missing = {}
for name, short in pairs(shorts) do missing[#missing + 1] = { name, short.count, short.least, short.class } end
local answer = { now, waiting, missing }
for _, one in ipairs(granted) do answer[#answer + 1] = one end
return answer
`;
