/**
 * The same as `sharedSlotsLua` of what this shard of the turns has leased: a text takes the next segments of it, and goes at the moment
 * of the first of them, or at the later one of its number. Who finds too few is noted in `shorts`, for which more is leased.
 */
export const leasedSlotsLua = `
local leasedSlots = { opened = {} }
-- Name -> how many segments, or MMS, were missing in this call, and of which class the first who missed some was.
local shorts = {}

-- Nothing before that is left here, or can be leased.
function leasedSlots.known(leased)
  local first = leased.blocks[1]
  return first and first.at or leased.moreAt
end

function leasedSlots.firstFree(leased) return math.max(now, leased:known()) end

-- Where more can be leased, who finds too little is to say how much.
function leasedSlots.isFull(leased, class)
  return leased.isShort[class] or leased:firstFree() > now + horizon[class]
end

function leasedSlots.from(leased, at, class, segments)
  if leased.left >= segments then return math.max(at, leased:firstFree()) end
  if leased.moreAt <= now + horizon[class] then leased.isShort[class], leased.isRefused = true, true end
  return math.huge
end

function leasedSlots.isTakenAt() return false end

function leasedSlots.take(leased, _, segments)
  leased.isChanged = true
  leased.left = leased.left - segments
  while segments > 0 do
    local block = leased.blocks[1]
    local some = math.min(segments, block.count)
    segments, block.count, block.at = segments - some, block.count - some, block.at + some * leased.width
    if block.count == 0 then table.remove(leased.blocks, 1) end
  end
end

function leasedSlots.write(leased)
  if not leased.isChanged then return end
  local kept = { string.format('%.3f', leased.moreAt) }
  for _, block in ipairs(leased.blocks) do kept[#kept + 1] = string.format('%.3f,%d', block.at, block.count) end
  redis.call('HSET', P .. ':lease', leased.name, table.concat(kept, ';'))
end

-- Who was refused last would have taken so much, for a text of so many segments each. Whether too little was leased for them.
local function noteShort(class, wanted, segments)
  local isShort = false
  for name, leased in pairs(leasedSlots.opened) do
    if leased.isRefused then
      leased.isRefused, isShort = false, true
      local short = shorts[name] or { count = -leased.left, least = segments - leased.left, class = class }
      short.count = short.count + wanted
      shorts[name] = short
    end
  end
  return isShort
end

-- Who has held back what is leased for so long, a moment more than between two of them, has lost it, as a slot that goes by.
local LATE_MS = 500

local function openLeased(name, width)
  local leased = setmetatable({ name = name, width = width, blocks = {}, left = 0, isShort = {} }, { __index = leasedSlots })
  local kept = redis.call('HGET', P .. ':lease', name) or '0'
  leased.moreAt = within(string.match(kept, '^[%d.]+'), furthest + longest)
  for at, count in string.gmatch(kept, ';([%d.]+),(%d+)') do
    leased.blocks[#leased.blocks + 1] = { at = tonumber(at), count = tonumber(count) }
  end
  for at = firstLease, firstRequest - 1, 4 do
    if ARGV[at] == name then
      local count = tonumber(ARGV[at + 2])
      if count > 0 then leased.blocks[#leased.blocks + 1] = { at = now + tonumber(ARGV[at + 1]), count = count } end
      leased.moreAt = now + tonumber(ARGV[at + 3])
      leased.isChanged = true
    end
  end
  table.sort(leased.blocks, function(a, b) return a.at < b.at end)
  local usable = {}
  for _, block in ipairs(leased.blocks) do
    local late = math.max(0, math.ceil((now - width - LATE_MS - block.at) / width))
    local count = block.count - late
    if count > 0 and block.at <= furthest + longest then
      usable[#usable + 1] = { at = block.at + late * width, count = count }
      leased.left = leased.left + count
    end
    if late > 0 then leased.isChanged = true end
  end
  leased.blocks = usable
  leasedSlots.opened[name] = leased
  return leased
end
`;
