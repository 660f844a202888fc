/**
 * Keeps the sends of some (a number each, or the account) apart. ARGV: for each request who it is of, the milliseconds
 * between two sends, how many there are, and in how many milliseconds the first is wanted; one after the other, so several
 * requests may be of one number. Returns for each in how many milliseconds its first may go out. A moment that is too far
 * ahead is from before a clock was set back.
 */
export const rateLimiterScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local keys, known, answer = {}, {}, {}
for first = 1, #ARGV, 4 do keys[#keys + 1] = KEYS[1] .. ':sent:' .. ARGV[first] end
for at, value in ipairs(redis.call('MGET', unpack(keys))) do known[keys[at]] = tonumber(value or '0') end
for each, key in ipairs(keys) do
  local gap, count, wanted = unpack(ARGV, each * 4 - 2, each * 4)
  local free = known[key]
  if free - now > math.max(60000, 100 * gap) then free = now end
  local at = math.max(now + wanted, free)
  known[key] = at + gap * count
  answer[each] = math.ceil(at - now)
end
for key, over in pairs(known) do
  redis.call('SET', key, string.format('%.3f', over), 'PX', math.ceil(over - now) + 1000)
end
return answer
`;
