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
for each, key in ipairs(keys) do
  local gap, count, wanted, held = unpack(ARGV, each * 5 - 3, each * 5)
  local free = tonumber(known[key])
  if known[key] == held then free = free - gap * count end
  if free - now > math.max(60000, 100 * gap) then free = now end
  local at = math.max(now + wanted, free)
  known[key] = string.format('%.3f', at + gap * count)
  answer[each * 2 - 1] = math.ceil(at - now)
  answer[each * 2] = known[key]
end
for key, over in pairs(known) do redis.call('SET', key, over, 'PX', math.ceil(over - now) + 1000) end
return answer
`;
