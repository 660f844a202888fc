import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { noteCardTries } from '../delivery/exhausted.ts';
import { DomainError, unavailable } from '../platform/errors.ts';
import { fingerprint } from '../platform/keyed-hash.ts';
import { keys } from '../platform/keys.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { withTimeLimit } from '../platform/time-limit.ts';
import { type CardTry, NETWORK_FACTOR, networkOf } from '../rules/budgets.ts';

/**
 * Rate limits. Redis counts, so that all processes count together; if it does not answer in time, a counted call is
 * refused with UNAVAILABLE: a limit must not open when Redis is down. A try is counted before it is checked, and given
 * back if it was right, so that parallel tries gain nothing.
 */

/**
 * Counts a call of a throttled URL by an address, and by the /48 of an IPv6 one, which a single customer may have. Throws THROTTLE with the seconds to wait, and UNAVAILABLE without
 * Redis, unless the call may go on uncounted then.
 */
export async function countCall(
  runtime: Runtime,
  { url, address, uncountedWithoutRedis }: { url: string; address: string; uncountedWithoutRedis: boolean },
): Promise<void> {
  try {
    await take(runtime, 'calls', `${url} ${address}`, 'THROTTLE');
    const network = networkOf(address);
    if (network !== null) await take(runtime, 'calls:network', `${url} ${network}`, 'THROTTLE');
  } catch (refused) {
    if (!uncountedWithoutRedis || !(refused instanceof DomainError) || refused.token !== 'UNAVAILABLE') throw refused;
    runtime.log.debug({ url }, 'Redis did not answer; a call went uncounted');
  }
}

/**
 * Counts a PIN that is about to be sent to a phone. Throws THROTTLE with the seconds to wait. The same one
 * again does not count in the day. `giveBack` is for a PIN
 * that was not sent after all.
 */
export function countPin(
  runtime: Runtime,
  phone: string,
  { again }: { again: boolean },
): Promise<{ giveBack(): Promise<void> }> {
  return countText(runtime, phone, again ? ['pins'] : ['pins', 'pinsDaily']);
}

/** As `countPin`, for a text that asks a phone whether a device is its own. */
export function countDeviceText(runtime: Runtime, phone: string): Promise<{ giveBack(): Promise<void> }> {
  return countText(runtime, phone, ['deviceTexts', 'deviceTextsDaily']);
}

async function countText(
  runtime: Runtime,
  phone: string,
  limits: readonly Limit[],
): Promise<{ giveBack(): Promise<void> }> {
  for (const limit of limits) await take(runtime, limit, phone, 'THROTTLE');
  return {
    async giveBack() {
      await Promise.all(limits.map((limit) => giveBack(runtime, limit, phone)));
    },
  };
}

/** Counts a new password of a person. Throws UNAVAILABLE with the seconds to wait. */
export async function countPassword(runtime: Runtime, personId: number): Promise<void> {
  await take(runtime, 'passwords', String(personId), 'UNAVAILABLE');
}

/**
 * Counts a card that is about to be saved, or a charge that may be declined, for the person, their address and all: else
 * anybody could find out here which stolen cards work. Throws UNAVAILABLE with the seconds to wait. `giveBack` is for
 * what the payment provider was not asked, or did not decline.
 */
export async function countCardTry(
  runtime: Runtime,
  what: CardTry,
  { personId, address }: { personId: number; address: string },
): Promise<{ giveBack(): Promise<void> }> {
  const subjects = { account: String(personId), address, all: 'all' };
  const taken: [Limit, string][] = [];
  const counted = {
    async giveBack() {
      await Promise.all(taken.map(([limit, subject]) => giveBack(runtime, limit, subject)));
    },
  };
  for (const whose of ['account', 'address', 'all'] as const) {
    try {
      await take(runtime, `${what}:${whose}`, subjects[whose], 'UNAVAILABLE');
      taken.push([`${what}:${whose}`, subjects[whose]]);
    } catch (refused) {
      await counted.giveBack();
      if (refused instanceof DomainError && refused.subtype === 'limit') noteCardTries(runtime, what, whose);
      throw refused;
    }
  }
  return counted;
}

/**
 * Counts a try at the operators' password by an address. Throws UNAVAILABLE with the seconds to wait. Without Redis it goes
 * on uncounted: then operators need their pages most.
 */
export async function countOperator(runtime: Runtime, address: string): Promise<{ giveBack(): Promise<void> }> {
  try {
    await take(runtime, 'operators', address, 'UNAVAILABLE');
  } catch (refused) {
    if (!(refused instanceof DomainError) || refused.subtype !== 'redis') throw refused;
  }
  return { giveBack: () => giveBack(runtime, 'operators', address) };
}

/** The same of one who signs in by a name: an address has fewer guesses at each, so that nobody locks others out by theirs. */
export async function countOperatorGuess(
  runtime: Runtime,
  { name, address }: { name: string; address: string },
): Promise<{ giveBack(): Promise<void> }> {
  const all = await countOperator(runtime, address);
  const subject = `${name} ${address}`;
  try {
    await take(runtime, 'operatorNames', subject, 'UNAVAILABLE');
  } catch (refused) {
    if (!(refused instanceof DomainError) || refused.subtype !== 'redis') throw refused;
  }
  return {
    async giveBack() {
      await Promise.all([all.giveBack(), giveBack(runtime, 'operatorNames', subject)]);
    },
  };
}

/**
 * Counts a guess at a PIN or password of a phone, by an address. Throws LOCKOUT with the seconds to wait, for the right
 * guess as well. The caller then reports the result: `giveBack` for a right guess or one that could not be checked,
 * `wrong` for a wrong one; the last wrong guess begins the lockout.
 */
export async function countGuess(runtime: Runtime, { phone, address }: Guess): Promise<Counted> {
  // A phone that is locked out already does not use up the address's guesses.
  await refuseLocked(runtime, phone);
  const byAddress = await take(runtime, 'guessesFrom', address, 'LOCKOUT');
  const byPhone = await take(runtime, 'guessesAt', phone, 'LOCKOUT');
  return {
    async giveBack() {
      await Promise.all([giveBack(runtime, 'guessesFrom', address), giveBack(runtime, 'guessesAt', phone)]);
    },
    async wrong() {
      if (byAddress >= limits.guessesFrom.points) await lock(runtime, 'guessesFrom', address);
      if (byPhone >= limits.guessesAt.points) await lock(runtime, 'guessesAt', phone);
    },
  };
}

type Guess = { phone: string; address: string };
type Counted = { giveBack(): Promise<void>; wrong(): Promise<void> };

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const LOCKOUT_SECONDS = 15 * MINUTE;

/** `points` tries in `duration` seconds, or as many as a setting says, where 0 is no limit. */
const limits = {
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
  'cards:account': { points: 'CARD_TRIES_PER_ACCOUNT', duration: HOUR },
  'cards:address': { points: 'CARD_TRIES_PER_ADDRESS', duration: HOUR },
  'cards:all': { points: 'CARD_TRIES_PER_HOUR', duration: HOUR },
  'declines:account': { points: 'CARD_TRIES_PER_ACCOUNT', duration: HOUR },
  'declines:address': { points: 'CARD_TRIES_PER_ADDRESS', duration: HOUR },
  'declines:all': { points: 'CARD_TRIES_PER_HOUR', duration: HOUR },
} as const satisfies Record<string, { points: number | keyof Runtime['config']; times?: number; duration: number }>;
type Limit = keyof typeof limits;

/** UNAVAILABLE where the document has no token for it. */
type Refused = 'THROTTLE' | 'LOCKOUT' | 'UNAVAILABLE';

/** Takes one try. Returns how many were taken in this window. */
async function take(runtime: Runtime, limit: Limit, subject: string, token: Refused): Promise<number> {
  if (pointsOf(runtime, limit) === 0) return 0;
  try {
    const taken = await inTime(limiterOf(runtime, limit).consume(keyOf(runtime, subject)));
    return taken.consumedPoints;
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooMany(token, refused) : unavailable('redis', refused);
  }
}

/** If Redis does not answer here, the count stays too high until its window ends. */
async function giveBack(runtime: Runtime, limit: Limit, subject: string): Promise<void> {
  if (pointsOf(runtime, limit) === 0) return;
  await inTime(limiterOf(runtime, limit).reward(keyOf(runtime, subject))).catch((error: unknown) =>
    warnRarely(runtime.log, { limit, reason: String(error) }, 'a counted try was not given back'),
  );
}

/** From the last wrong guess on, not from the first. */
async function lock(runtime: Runtime, limit: Limit, subject: string): Promise<void> {
  await inTime(limiterOf(runtime, limit).block(keyOf(runtime, subject), LOCKOUT_SECONDS)).catch((error: unknown) => {
    throw unavailable('redis', error);
  });
}

async function refuseLocked(runtime: Runtime, phone: string): Promise<void> {
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
