/** Keeps a number (ARGV[1]) silent for ARGV[2] milliseconds from now; never shortens what it waits already. */
export const holdScript = `
local time = redis.call('TIME')
local at = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + tonumber(ARGV[2])
local held = tonumber(redis.call('HGET', KEYS[1] .. ':held', ARGV[1]) or '0')
-- A day is the longest that anybody is kept silent: more is from before a clock was set back.
if at > held or held > at + 86400000 then redis.call('HSET', KEYS[1] .. ':held', ARGV[1], string.format('%.0f', at)) end
`;

/** Ends the silence of a number (ARGV[1]), and lets those who are parked for it be next. */
export const unholdScript = `
local P, number = KEYS[1], ARGV[1]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('HDEL', P .. ':held', number)
for _, class in ipairs({ 'u', 'm' }) do redis.call('ZADD', P .. ':full:' .. class, 'XX', now, number) end
`;

/**
 * For how many milliseconds a number (ARGV[1]) could have had a slot: negative while its next one, or the account's, is
 * still to come. ARGV[2]: mms where it is for one.
 */
export const freeScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function at(value) return tonumber(value or '0') end
local account = at(redis.call('GET', KEYS[1] .. ':hint'))
if ARGV[2] == 'mms' then account = at(redis.call('HGET', KEYS[1] .. ':next', 'mms')) end
local next = at(redis.call('HGET', KEYS[1] .. ':next', ARGV[1]))
local held = at(redis.call('HGET', KEYS[1] .. ':held', ARGV[1]))
local sent = redis.call('MGET', KEYS[1] .. ':sent:' .. ARGV[1], KEYS[1] .. ':sent:' .. (ARGV[2] == 'mms' and 'account-mms' or 'account'))
return string.format('%.0f', now - math.max(next, held, account, at(sent[1]), at(sent[2])))
`;
