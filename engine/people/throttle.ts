import { noteCardTries } from '../delivery/exhausted.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type CardTry, networkOf } from '../rules/budgets.ts';
import { giveBack, type Limit, limits, lock, type Refused, refuseLocked, take } from './tries.ts';

/**
 * Rate limits. Redis counts, so that all processes count together; if it does not answer in time, a counted call is
 * refused with UNAVAILABLE: a limit must not open when Redis is down. A try is counted before it is checked, and given
 * back if it was right, so that parallel tries gain nothing.
 */

/**
 * Counts a call of a throttled URL by an address, and by the /48 of an IPv6 one, which a single customer may have. Throws
 * THROTTLE with the seconds to wait, and UNAVAILABLE without Redis, unless the call may go on uncounted then.
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
  return countTries(runtime, textTries(phone, again ? ['pins'] : ['pins', 'pinsDaily']), { token: 'THROTTLE' });
}

/** As `countPin`, for a text that asks a phone whether a device is its own. */
export function countDeviceText(runtime: Runtime, phone: string): Promise<{ giveBack(): Promise<void> }> {
  return countTries(runtime, textTries(phone, ['deviceTexts', 'deviceTextsDaily']), { token: 'THROTTLE' });
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
export function countOperator(runtime: Runtime, address: string): Promise<{ giveBack(): Promise<void> }> {
  return countTries(runtime, [['operators', address]], UNCOUNTED_TOO);
}

/** The same of one who signs in by a name: an address has fewer guesses at each, so that nobody locks others out by theirs. */
export function countOperatorGuess(
  runtime: Runtime,
  { name, address }: { name: string; address: string },
): Promise<{ giveBack(): Promise<void> }> {
  const tries: [Limit, string][] = [
    ['operators', address],
    ['operatorNames', `${name} ${address}`],
  ];
  return countTries(runtime, tries, UNCOUNTED_TOO);
}
const UNCOUNTED_TOO = { token: 'UNAVAILABLE', withoutRedisToo: true } as const;

function textTries(phone: string, limits: readonly Limit[]): [Limit, string][] {
  return limits.map((limit) => [limit, phone]);
}

/** All of them or, where one is refused, those before it. */
async function countTries(
  runtime: Runtime,
  tries: readonly [Limit, string][],
  { token, withoutRedisToo = false }: { token: Refused; withoutRedisToo?: boolean },
): Promise<{ giveBack(): Promise<void> }> {
  for (const [limit, subject] of tries) {
    try {
      await take(runtime, limit, subject, token);
    } catch (refused) {
      const isRedis = refused instanceof DomainError && refused.subtype === 'redis';
      if (!withoutRedisToo || !isRedis) throw refused;
    }
  }
  return {
    async giveBack() {
      await Promise.all(tries.map(([limit, subject]) => giveBack(runtime, limit, subject)));
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
