/** Takes messages (ARGV[2] and on) of a group (ARGV[1]) out of all its lines. */
export const dropScript = `
local P, group = KEYS[1], ARGV[1]
local lines, numbers = P .. ':lines:m:' .. group, P .. ':numbers:m:' .. group
for _, number in ipairs(redis.call('SMEMBERS', numbers)) do
  local line, parked = P .. ':line:m:' .. number .. ':' .. group, P .. ':parked:m:' .. number
  for at = 2, #ARGV do
    redis.call('ZREM', line, ARGV[at])
    redis.call('HDEL', P .. ':want', ARGV[at] .. ':' .. number)
  end
  if redis.call('EXISTS', line) == 0 then
    redis.call('SREM', numbers, number)
    redis.call('HDEL', P .. ':cut:m', number .. ':' .. group)
    redis.call('LREM', lines, 0, number)
    redis.call('LREM', parked, 0, group)
    if redis.call('EXISTS', parked) == 0 then redis.call('ZREM', P .. ':full:m', number) end
  end
end
if redis.call('EXISTS', lines) == 0 then
  redis.call('LREM', P .. ':ring:m', 0, group)
  redis.call('HDEL', P .. ':rest:m', group)
end
`;
