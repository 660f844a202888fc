import { numberClasses } from '../rules/number-class.ts';
import { hasLimit, type Pace } from './pace.ts';

/**
 * `horizonMs`: how far ahead urgent texts may reserve; messages reserve less far, so that urgent ones find room before them.
 * `room`: how many jobs the queue may still take where there is no limit.
 */
export type PaceArguments = { pace: Pace; horizonMs: number; room: number; leases?: readonly Lease[] };

/**
 * Some of what shards share, the account or a campaign, that one of them may hand out: `count` segments or MMS, the first in so many
 * milliseconds; no more is left to lease until then. As spans, because the shards may be on nodes whose clocks differ.
 */
export type Lease = { of: string; inMs: number; count: number; moreInMs: number };

/** What the scripts that know the slots are told first, as `paceArgumentsLua` reads it. */
export function paceArguments({ pace, horizonMs, room, leases }: PaceArguments): (string | number)[] {
  const limits = [pace.account, ...numberClasses.map((of) => pace.numbers[of])];
  return [
    ...[Math.round(horizonMs), Math.round(horizonMs * MESSAGE_HORIZON)],
    ...[hasLimit(pace) ? quantumOf(pace) : UNLIMITED_QUANTUM, Math.max(0, room)],
    ...limits.flatMap(({ segmentMs, mmsMs }) => [segmentMs, mmsMs]),
    ...[pace.campaigns.size, ...[...pace.campaigns].flat()],
    leases?.length ?? -1,
    ...(leases ?? []).flatMap(({ of, inMs, count, moreInMs }) => [of, inMs, count, moreInMs]),
  ];
}

/**
 * Defines P, now, the paces, the horizons, the quantum, the room and the leases; what follows them begins at
 * `ARGV[firstRequest]`.
 */
export const paceArgumentsLua = `
local P = KEYS[1]
local horizon = { u = tonumber(ARGV[1]), m = tonumber(ARGV[2]) }
local quantum, room = tonumber(ARGV[3]), tonumber(ARGV[4])
-- Milliseconds that a segment takes of the account, an MMS of it, and the same of a number of each class.
local pace, limited = {}, false
for at, of in ipairs({ 'account', 'long', 'tollfree', 'short' }) do
  pace[of] = { segment = tonumber(ARGV[3 + at * 2]), mms = tonumber(ARGV[4 + at * 2]) }
  limited = limited or pace[of].segment > 0 or pace[of].mms > 0
end
-- The same of the campaigns that have one.
local campaignPace, firstLease = {}, 15 + 2 * tonumber(ARGV[13])
for at = 14, firstLease - 2, 2 do
  campaignPace[ARGV[at]] = tonumber(ARGV[at + 1])
  limited = true
end
-- What is shared is leased where there are more shards than this one.
local isLeased = tonumber(ARGV[firstLease - 1]) >= 0
local firstRequest = firstLease + 4 * math.max(0, tonumber(ARGV[firstLease - 1]))
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
`;

/** The share of the horizon that a message may use. */
export const MESSAGE_HORIZON = 0.2;
/** A turn is a fifth of a second of the scarcer limit, at least one text. */
const QUANTUM_MS = 200;
const UNLIMITED_QUANTUM = 25;

function quantumOf({ numbers, account }: Pace): number {
  const segmentMs = Math.max(numbers.long.segmentMs, account.segmentMs);
  return segmentMs > 0 ? Math.max(1, Math.floor(QUANTUM_MS / segmentMs)) : UNLIMITED_QUANTUM;
}
