import { paceArgumentsLua } from './pace-arguments.ts';
import { slotsLua } from './slots.lua.ts';

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

/** For how many milliseconds a number could have had a slot: negative while its next one is still to come. mms: for an MMS. */
export const freeScript = `
${paceArgumentsLua}
${slotsLua}
return string.format('%.0f', now - takenUntil(ARGV[firstRequest], ARGV[firstRequest + 1] == 'mms'))
`;
