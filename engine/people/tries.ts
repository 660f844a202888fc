import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError, unavailable } from '../platform/errors.ts';
import { fingerprint } from '../platform/keyed-hash.ts';
import { keys } from '../platform/keys.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { withTimeLimit } from '../platform/time-limit.ts';
import { NETWORK_FACTOR } from '../rules/budgets.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const LOCKOUT_SECONDS = 15 * MINUTE;

/** `points` tries in `duration` seconds, or as many as a setting says, where 0 is no limit. */
export const limits = {
  calls: { points: 'THROTTLE_PER_MINUTE', duration: MINUTE },
  'calls:network': { points: 'THROTTLE_PER_MINUTE', times: NETWORK_FACTOR, duration: MINUTE },
  pins: { points: 3, duration: 15 * MINUTE },
  pinsDaily: { points: 10, duration: 24 * HOUR },
  deviceTexts: { points: 3, duration: 15 * MINUTE },
  deviceTextsDaily: { points: 10, duration: 24 * HOUR },
  passwords: { points: 5, duration: HOUR },
  operators: { points: 50, duration: LOCKOUT_SECONDS },
  operatorNames: { points: 10, duration: LOCKOUT_SECONDS },
  guessesAt: { points: 5, duration: LOCKOUT_SECONDS },
  guessesFrom: { points: 50, duration: LOCKOUT_SECONDS },
  'forwards:group': { points: 'FORWARDED_CALLS_PER_DAY', duration: 24 * HOUR },
  'forwards:phone': { points: 'FORWARDED_CALLS_PER_DAY', duration: 24 * HOUR },
  'forwards:all': { points: 'FORWARDED_CALLS_PER_HOUR', duration: HOUR },
  'cards:account': { points: 'CARD_TRIES_PER_ACCOUNT', duration: HOUR },
  'cards:address': { points: 'CARD_TRIES_PER_ADDRESS', duration: HOUR },
  'cards:all': { points: 'CARD_TRIES_PER_HOUR', duration: HOUR },
  'declines:account': { points: 'CARD_TRIES_PER_ACCOUNT', duration: HOUR },
  'declines:address': { points: 'CARD_TRIES_PER_ADDRESS', duration: HOUR },
  'declines:all': { points: 'CARD_TRIES_PER_HOUR', duration: HOUR },
} as const satisfies Record<string, { points: number | keyof Runtime['config']; times?: number; duration: number }>;
export type Limit = keyof typeof limits;

/** UNAVAILABLE where the document has no token for it. */
export type Refused = 'THROTTLE' | 'LOCKOUT' | 'UNAVAILABLE';

/** Takes one try. Returns how many were taken in this window. */
export async function take(runtime: Runtime, limit: Limit, subject: string, token: Refused): Promise<number> {
  if (pointsOf(runtime, limit) === 0) return 0;
  try {
    const taken = await inTime(limiterOf(runtime, limit).consume(keyOf(runtime, subject)));
    return taken.consumedPoints;
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooMany(token, refused) : unavailable('redis', refused);
  }
}

/** If Redis does not answer here, the count stays too high until its window ends. */
export async function giveBack(runtime: Runtime, limit: Limit, subject: string): Promise<void> {
  if (pointsOf(runtime, limit) === 0) return;
  await inTime(limiterOf(runtime, limit).reward(keyOf(runtime, subject))).catch((error: unknown) =>
    warnRarely(runtime.log, { limit, reason: String(error) }, 'a counted try was not given back'),
  );
}

/** From the last wrong guess on, not from the first. */
export async function lock(runtime: Runtime, limit: Limit, subject: string): Promise<void> {
  await inTime(limiterOf(runtime, limit).block(keyOf(runtime, subject), LOCKOUT_SECONDS)).catch((error: unknown) => {
    throw unavailable('redis', error);
  });
}

/** Throws LOCKOUT where the last wrong guess at this phone began one. */
export async function refuseLocked(runtime: Runtime, phone: string): Promise<void> {
  const count = await inTime(limiterOf(runtime, 'guessesAt').get(keyOf(runtime, phone))).catch((error: unknown) => {
    throw unavailable('redis', error);
  });
  if (count !== null && count.consumedPoints > limits.guessesAt.points) throw tooMany('LOCKOUT', count);
}

function tooMany(token: Refused, count: RateLimiterRes): DomainError {
  const retryAfter = Math.max(1, Math.ceil(count.msBeforeNext / 1000));
  return new DomainError(token, token === 'UNAVAILABLE' ? { subtype: 'limit', retryAfter } : { retryAfter });
}

/** Redis never sees a phone or an address. */
function keyOf(runtime: Runtime, subject: string): string {
  return fingerprint(runtime.config.APP_SECRET, subject);
}

function limiterOf(runtime: Runtime, limit: Limit): RateLimiterRedis {
  return runtime.use(openLimiters)(limit);
}

function openLimiters(runtime: Runtime): (limit: Limit) => RateLimiterRedis {
  const opened = new Map<Limit, RateLimiterRedis>();
  return (limit) => {
    const known = opened.get(limit);
    if (known !== undefined) return known;
    const { duration } = limits[limit];
    const options = { keyPrefix: keys.throttle(limit), duration, points: pointsOf(runtime, limit) };
    const limiter = new RateLimiterRedis({ storeClient: runtime.redis, ...options });
    opened.set(limit, limiter);
    return limiter;
  };
}

function pointsOf({ config }: Runtime, limit: Limit): number {
  const one = limits[limit];
  const points = typeof one.points === 'number' ? one.points : config[one.points];
  return 'times' in one ? points * one.times : points;
}

/** A frozen Redis never answers; a working one answers within a few milliseconds. */
const REDIS_TIMEOUT_MS = 300;

function inTime<T>(answer: Promise<T>): Promise<T> {
  return withTimeLimit(REDIS_TIMEOUT_MS, answer, () => {
    throw new Error(`no answer within ${REDIS_TIMEOUT_MS} ms`);
  });
}
