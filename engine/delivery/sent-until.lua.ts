/** Defines `sentUntil` in a script that has P and now. */
export const sentUntilLua = `
-- Until when the senders may send no more of what many numbers share, but for what they have left free before that. over: the end of all
-- that they have taken; ms: what a segment takes.
local function sentUntil(name, over, ms)
  if over <= now then return over end
  for from, untilThen in string.gmatch(redis.call('GET', P .. ':holes:' .. name) or '', '([%d.]+)-([%d.]+)') do
    if tonumber(untilThen) >= math.max(now, tonumber(from)) + ms then return math.min(tonumber(from), over) end
  end
  return over
end
`;
