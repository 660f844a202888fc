/**
 * Keeps the sends of somebody (ARGV[1]: a number, or the account) ARGV[2] milliseconds apart. Returns in how many
 * milliseconds this one may go out. A moment that is too far ahead is from before a clock was set back.
 */
export const rateLimiterScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local gap = tonumber(ARGV[2])
local key = KEYS[1] .. ':sent:' .. ARGV[1]
local at = math.max(now, tonumber(redis.call('GET', key) or '0'))
if at - now > math.max(60000, 100 * gap) then at = now end
local over = at + gap * tonumber(ARGV[3])
redis.call('SET', key, string.format('%.3f', over), 'PX', math.ceil(over - now) + 1000)
return math.ceil(at - now)
`;
