/** Of one account or campaign: what is read with each text. */
const HOLES_AT_MOST = 100;

/**
 * Keeps the sends of some (a number each, or the account) apart. ARGV: for each request who it is of, the milliseconds
 * between two sends, how many there are, in how many milliseconds the first is wanted, and until when it holds what it had and
 * could not use, or nothing; one after the other, so several requests may be of one number. What is held is given back where
 * nobody has taken more since. Returns for each in how many milliseconds its first may go out, and until when it holds that. A
 * moment that is too far ahead is from before a clock was set back.
 */
export const rateLimiterScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local keys, known, answer = {}, {}, {}
for first = 1, #ARGV, 5 do keys[#keys + 1] = KEYS[1] .. ':sent:' .. ARGV[first] end
for at, value in ipairs(redis.call('MGET', unpack(keys))) do known[keys[at]] = value or '0' end

-- Of what many numbers share; nil for a number, which is nearly always too slow to leave any.
local holes = {}
local function holesOf(name)
  if string.match(name, '^%d+$') then return nil end
  if holes[name] then return holes[name] end
  local list = { isChanged = false }
  for from, over in string.gmatch(redis.call('GET', KEYS[1] .. ':holes:' .. name) or '', '([%d.]+)-([%d.]+)') do
    if tonumber(over) > now then list[#list + 1] = { tonumber(from), tonumber(over) } end
  end
  holes[name] = list
  return list
end

-- The first moment from then on in a hole that is long enough, which is taken out of it; nil where there is none.
local function takeHole(list, from, length, gap)
  for place, hole in ipairs(list) do
    local at = math.max(hole[1], from)
    if at + length <= hole[2] then
      table.remove(list, place)
      if hole[2] - at - length >= gap then table.insert(list, place, { at + length, hole[2] }) end
      if at - hole[1] >= gap then table.insert(list, place, { hole[1], at }) end
      list.isChanged = true
      return at
    end
  end
end

for each, key in ipairs(keys) do
  local name, gap, count, wanted, held = unpack(ARGV, each * 5 - 4, each * 5)
  gap, count, wanted = tonumber(gap), tonumber(count), tonumber(wanted)
  local free = tonumber(known[key])
  if known[key] == held then
    free = free - gap * count
    known[key] = string.format('%.3f', free)
  end
  local list = holesOf(name)
  if free - now > math.max(60000, 100 * gap) then
    free = now
    if list then holes[name] = { isChanged = true } end
  end
  local at = list and takeHole(list, now + wanted, gap * count, gap)
  if not at then
    at = math.max(now + wanted, free)
    free = math.max(now, free)
    if list and at - free >= gap and #list < ${HOLES_AT_MOST} then
      list[#list + 1] = { free, at }
      list.isChanged = true
    end
    known[key] = string.format('%.3f', at + gap * count)
  end
  answer[each * 2 - 1] = math.ceil(at - now)
  answer[each * 2] = string.format('%.3f', at + gap * count)
end
for key, over in pairs(known) do redis.call('SET', key, over, 'PX', math.max(0, math.ceil(over - now)) + 1000) end
for name, list in pairs(holes) do
  local kept = {}
  for place, hole in ipairs(list) do kept[place] = string.format('%.3f-%.3f', hole[1], hole[2]) end
  if list.isChanged then redis.call('SET', KEYS[1] .. ':holes:' .. name, table.concat(kept, ';'), 'PX', 60000) end
end
return answer
`;
