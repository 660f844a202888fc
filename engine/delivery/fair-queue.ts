import { keys } from '../platform/keys.ts';
import type { RedisClient } from '../platform/redis.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { dropScript, fairQueueScript } from './fair-queue.lua.ts';
import { freeScript, holdScript, unholdScript } from './silence.lua.ts';

/** A message that wants `count` sending slots of one of our numbers. Asking again replaces what it asked before. */
export type Request = { urgent: boolean; numberId: number; groupId: number; messageId: number; count: number };

/** Slots for the next `count` deliveries of a message through a number; `slots` is null where there is no limit. */
export type Reservation = { messageId: number; numberId: number; count: number; slots: number[] | null };

export type Pace = {
  /** Texts a second, of a number and of the account at the carrier; 0 is no limit. */
  numberMps: number;
  accountMps: number;
  /** How far ahead urgent texts may reserve; messages reserve less far, so that urgent ones find room before them. */
  horizonMs: number;
};

/**
 * Puts messages in the fair queue of a carrier and hands out its slots that are free now: groups take turns, and of one
 * group and number the message that was accepted first goes first; urgent texts go before messages. `room` is how many
 * jobs the queue may still take where there is no limit. One call to Redis; slots are epoch milliseconds.
 */
export async function reserve(
  { redis, clock }: { redis: RedisClient; clock: RedisClock },
  { carrier, requests, pace, room }: { carrier: CarrierName; requests: readonly Request[]; pace: Pace; room: number },
): Promise<Reserved> {
  const limited = pace.numberMps > 0 || pace.accountMps > 0;
  const quantum = limited ? Math.max(1, Math.floor(smallest(pace) * QUANTUM_SECONDS)) : UNLIMITED_QUANTUM;
  const reply = (await withScript(redis).reserve(
    keys.fairQueue(carrier),
    pace.numberMps,
    pace.accountMps,
    Math.round(pace.horizonMs),
    Math.round(pace.horizonMs * MESSAGE_HORIZON),
    quantum,
    Math.max(0, room),
    ...requests.flatMap(({ urgent, numberId, groupId, messageId, count }) => [
      urgent ? 'u' : 'm',
      numberId,
      groupId,
      messageId,
      count,
    ]),
  )) as [number, number, ...(string | number)[][]];
  const [now, waiting, ...granted] = reply;
  const skew = clock.skewOf(Date.now() - now);
  return {
    waiting,
    reservations: granted.map(([messageId, numberId, count, ...slots]) => ({
      messageId: Number(messageId),
      numberId: Number(numberId),
      count: Number(count),
      slots: limited ? slots.map((slot) => Number(slot) + skew) : null,
    })),
  };
}
/**
 * By how much our clock is ahead of Redis', on which slots are. Each answer shows it with the time that the answer took
 * on top, so the least that was seen is true, and slots of different answers keep their distances. Much more means that
 * a clock was set.
 */
export function openRedisClock(): RedisClock {
  let known: number | undefined;
  return {
    skewOf(seen) {
      if (known === undefined || seen < known || seen > known + CLOCK_SET_MS) known = seen;
      return known;
    },
  };
}
export type RedisClock = { skewOf(seenMs: number): number };
const CLOCK_SET_MS = 5_000;

/** `waiting`: groups, and numbers with groups, that still wait for their turn; somebody has to come back for them. */
export type Reserved = { reservations: Reservation[]; waiting: number };

/** Keeps a number silent until then: the carrier said that it is too fast, or an operator holds it. */
export async function holdNumber(
  redis: RedisClient,
  { carrier, numberId, untilMs }: { carrier: CarrierName; numberId: number; untilMs: number },
): Promise<void> {
  // As a span, because Redis' clock may differ from ours.
  await redis.eval(holdScript, 1, keys.fairQueue(carrier), numberId, Math.max(0, Math.round(untilMs - Date.now())));
}

/** Ends that: who waits for the number may be next. */
export async function freeNumber(
  redis: RedisClient,
  { carrier, numberId }: { carrier: CarrierName; numberId: number },
): Promise<void> {
  await redis.eval(unholdScript, 1, keys.fairQueue(carrier), numberId);
}

/**
 * For how many milliseconds a number could have had a slot and took none; negative while its next one, or the account's,
 * is still to come: then who waits for it waits rightly.
 */
export async function freeForMs(
  redis: RedisClient,
  { carrier, numberId }: { carrier: CarrierName; numberId: number },
): Promise<number> {
  return Number(await redis.eval(freeScript, 1, keys.fairQueue(carrier), numberId));
}

/** Takes messages of a group, none of them urgent, out of the fair queue of a carrier. */
export async function dropRequests(
  redis: RedisClient,
  { carrier, groupId, messageIds }: { carrier: CarrierName; groupId: number; messageIds: readonly number[] },
): Promise<void> {
  await redis.eval(dropScript, 1, keys.fairQueue(carrier), groupId, ...messageIds);
}

/** Which of these requests still stand in the fair queue of a carrier. */
export async function areQueued(
  redis: RedisClient,
  { carrier, requests }: { carrier: CarrierName; requests: readonly Pick<Request, 'messageId' | 'numberId'>[] },
): Promise<boolean[]> {
  if (requests.length === 0) return [];
  const wants = await redis.hmget(
    `${keys.fairQueue(carrier)}:want`,
    ...requests.map(({ messageId, numberId }) => `${messageId}:${numberId}`),
  );
  return wants.map((want) => want !== null);
}

/**
 * A limit that is kept, in texts a second, with half a percent to spare: on their way to the carrier texts catch up with
 * each other by some milliseconds.
 */
export function withHeadroom(mps: number): number {
  return mps / 1.005;
}

const MESSAGE_HORIZON = 0.4;
/** A turn is a fifth of a second of the scarcer limit, at least one text. */
const QUANTUM_SECONDS = 0.2;
const UNLIMITED_QUANTUM = 25;

function smallest({ numberMps, accountMps }: Pace): number {
  return Math.min(...[numberMps, accountMps].filter((limit) => limit > 0));
}

type WithScript = RedisClient & { reserve(...args: (string | number)[]): Promise<unknown> };

function withScript(redis: RedisClient): WithScript {
  if (!('reserve' in redis)) redis.defineCommand('reserve', { numberOfKeys: 1, lua: fairQueueScript });
  return redis as WithScript;
}
