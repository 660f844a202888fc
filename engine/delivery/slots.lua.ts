import { MOST_SEGMENTS } from '../rules/text-size.ts';
import { leasedSlotsLua } from './leased-slots.lua.ts';
import { sharedSlotsLua } from './shared-slots.lua.ts';

/**
 * The slots of a carrier's numbers, of their campaigns and of our account there, as the scripts of the fair queue take them: comes
 * after `paceArgumentsLua`, and defines `reserve`, `roomOf`, `freeAt`, `takenUntil`, `isPaced`, `isSilent`, `isFull`, `furthest` and what the
 * turns ask of a number.
 */
export const slotsLua = `
local width = pace.account.segment
local furthest = now + horizon.u + 1000
-- What is taken at the horizon may be as long as that.
local longest = 0
for _, of in pairs(pace) do longest = math.max(longest, of.segment * ${MOST_SEGMENTS}, of.mms) end
for _, ms in pairs(campaignPace) do longest = math.max(longest, ms * ${MOST_SEGMENTS}) end

local function within(at, limit)
  at = tonumber(at or 0)
  return at > limit and 0 or at
end

-- Until when the senders may send no more of some, by the moments that they took; nil where they took none.
local function sentOf(names)
  local keys = {}
  for place, name in ipairs(names) do keys[place] = P .. ':sent:' .. name end
  return redis.call('MGET', unpack(keys))
end

-- What the rate limiter itself would not trust is from before a clock was set back.
local function untilSent(value, ms) return within(value, now + math.max(60000, 100 * ms)) end

${sharedSlotsLua}
${leasedSlotsLua}
local account, accountMms
if width > 0 and isLeased then
  account = openLeased('account', width)
elseif width > 0 then
  account = openShared({ key = P .. ':account', hint = P .. ':hint', sent = 'account', width = width })
end
if isLeased and pace.account.mms > 0 then accountMms = openLeased('account-mms', pace.account.mms) end
local campaigns = {}

local function openCampaign(name, ms)
  if isLeased then return openLeased('campaign:' .. name, ms) end
  local key, hint = P .. ':campaign:' .. name, P .. ':campaign-hint:' .. name
  return openShared({ key = key, hint = hint, sent = 'campaign:' .. name, width = ms })
end

-- What was leased for a campaign is kept, whether a number of it has a turn or not.
for at = firstLease, firstRequest - 1, 4 do
  local name = string.match(ARGV[at], '^campaign:(.*)$')
  if name and campaignPace[name] then campaigns[name] = openCampaign(name, campaignPace[name]) end
end

-- What is known of numbers beside their moments: a hash each, in which most numbers are missing.
local function openFacts(key, default)
  local facts = { key = key, default = default, of = {}, changed = {} }
  function facts.read(numbers)
    if facts.isThere == nil then facts.isThere = redis.call('EXISTS', key) == 1 end
    local known = facts.isThere and redis.call('HMGET', key, unpack(numbers)) or {}
    for place, number in ipairs(numbers) do facts.of[number] = facts.of[number] or known[place] or default end
  end
  function facts.get(number)
    if not facts.of[number] then facts.read({ number }) end
    return facts.of[number]
  end
  function facts.set(number, value)
    if facts.get(number) ~= value then facts.of[number], facts.changed[number] = value, value end
  end
  function facts.write()
    for number, value in pairs(facts.changed) do
      if value == default then redis.call('HDEL', key, number) else redis.call('HSET', key, number, value) end
    end
  end
  return facts
end

local kinds, campaignNames = openFacts(P .. ':kind', 'long'), openFacts(P .. ':campaign', '')

-- The slots of the campaign of a number; nil where it has no pace.
local function campaignOf(number)
  local name = campaignNames.get(number)
  local ms = campaignPace[name]
  if not ms then return nil end
  if not campaigns[name] then campaigns[name] = openCampaign(name, ms) end
  return campaigns[name]
end

-- What is reserved in this call is kept here and written at its end: a few commands, however many slots.
local nextAt = {}

local function readNext(numbers)
  kinds.read(numbers)
  campaignNames.read(numbers)
  local names = {}
  for place, number in ipairs(numbers) do names[place] = number == 'mms' and 'account-mms' or number end
  local sent = sentOf(names)
  local ahead, silent = redis.call('HMGET', P .. ':next', unpack(numbers)), redis.call('HMGET', P .. ':held', unpack(numbers))
  for place, number in ipairs(numbers) do
    if not nextAt[number] then
      local at = within(ahead[place], furthest + longest)
      local held = within(silent[place], now + 86400000 + 1000)
      local busy = number == 'mms' and pace.account or pace[kinds.get(number)]
      -- A slot before that would wait at the sender, and by and by longer than anybody waits for a job.
      nextAt[number] = { at = math.max(at, held, untilSent(sent[place], math.max(busy.segment, busy.mms))) }
    end
  end
end

local function nextOf(number)
  if not nextAt[number] then readNext({ number }) end
  return nextAt[number]
end

-- Until when nothing was left for a text of a number, or an MMS: by itself, the account, and its campaign.
local function takenUntil(number, isMms)
  local at = nextOf(number).at
  if isMms then at = math.max(at, accountMms and accountMms:known() or nextOf('mms').at)
  elseif account then at = math.max(at, account:known()) end
  local campaign = campaignOf(number)
  return campaign and math.max(at, campaign:known()) or at
end

-- Without a limit, only who is silent waits.
local isAnySilent
local function isSilent(number)
  if isAnySilent == nil then isAnySilent = redis.call('EXISTS', P .. ':held') == 1 end
  return isAnySilent and nextOf(number).at > now
end

-- Up to the horizon nobody of the class can have more.
local function isFull(class)
  if not limited then return room <= 0 end
  return account ~= nil and account:isFull(class)
end

-- When a number may send again, by its own moments and those of its campaign.
local function freeAt(number)
  local own, campaign = nextOf(number).at, campaignOf(number)
  return campaign and math.max(own, campaign:firstFree()) or own
end

local function isPaced(number) return pace[kinds.get(number)].segment > 0 or campaignOf(number) ~= nil end

local function take(own, untilThen)
  own.at = untilThen
  own.isNew = true
end

-- The first moment from then on at which the account and the campaign have a slot each; nil where there is none up to the horizon.
local function sharedMoment(at, class, campaign, segments)
  if campaign then at = campaign:from(at, class, segments) end
  if account then at = account:from(at, class, segments) end
  -- The account's may lie in another slot of the campaign, which is taken.
  while account and campaign and campaign:isTakenAt(at) do at = account:from(campaign:from(at)) end
  return at <= now + horizon[class] and at or nil
end

local function busyOf(number, size)
  local of = pace[kinds.get(number)]
  return size == 'mms' and of.mms or of.segment * tonumber(size)
end

-- For how many such texts a number has room up to the horizon.
local function roomOf(number, class, size)
  local busy, left = busyOf(number, size), now + horizon[class] - math.max(now, nextOf(number).at)
  if left < 0 then return 0 end
  return busy > 0 and math.floor(left / busy) + 1 or math.huge
end

-- The moment of the next text of a number, of so many segments or an MMS; nil where there is none up to the horizon.
local function reserve(number, class, size)
  local own, campaign = nextOf(number), campaignOf(number)
  local at = math.max(now, own.at)
  if at > now + horizon[class] then return nil end
  local busy = busyOf(number, size)
  if size == 'mms' then
    local all = not isLeased and pace.account.mms > 0 and nextOf('mms') or nil
    at = math.max(at, all and all.at or 0)
    if accountMms then at = accountMms:from(at, class, 1) end
    if campaign then at = campaign:from(at, class, 1) end
    if at > now + horizon[class] then
      own.waitsForMms = true
      return nil
    end
    if all then take(all, at + pace.account.mms) end
    if accountMms then accountMms:take(at, 1) end
    if campaign then campaign:take(at, 1) end
  elseif account or campaign then
    at = sharedMoment(at, class, campaign, tonumber(size))
    if not at then return nil end
    if account then account:take(at, tonumber(size)) end
    if campaign then campaign:take(at, tonumber(size)) end
  end
  if busy > 0 then take(own, at + busy) end
  return math.floor(at)
end

local function writeReserved()
  kinds.write()
  campaignNames.write()
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
  if account then account:write() end
  if accountMms then accountMms:write() end
  for _, campaign in pairs(campaigns) do campaign:write() end
end
`;
