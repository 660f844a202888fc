import { keys } from '../platform/keys.ts';
import type { RedisClient } from '../platform/redis.ts';
import type { CarrierName } from '../rules/carriers.ts';
import { type NumberClass, numberClasses } from '../rules/number-class.ts';
import type { TextSize } from '../rules/text-size.ts';
import { dropScript, fairQueueScript } from './fair-queue.lua.ts';
import { hasLimit, type Pace } from './pace.ts';
import type { RedisClock } from './redis-clock.ts';
import { freeScript, holdScript, unholdScript } from './silence.lua.ts';

/** A message that wants `count` sending slots of one of our numbers. Asking again replaces what it asked before. */
export type Request = {
  urgent: boolean;
  numberId: number;
  groupId: number;
  messageId: number;
  count: number;
  size: TextSize;
};
/** `campaign`: of the number; null where it is in none. */
export type ClassedRequest = Request & { class: NumberClass; campaign: string | null };

/** Slots for the next `count` deliveries of a message through a number; `slots` is null where there is no limit. */
export type Reservation = {
  messageId: number;
  numberId: number;
  count: number;
  size: TextSize;
  slots: number[] | null;
};

/**
 * `horizonMs`: how far ahead urgent texts may reserve; messages reserve less far, so that urgent ones find room before them.
 * `room`: how many jobs the queue may still take where there is no limit.
 */
type Reserving = {
  carrier: CarrierName;
  requests: readonly ClassedRequest[];
  pace: Pace;
  horizonMs: number;
  room: number;
};

/**
 * Puts messages in the fair queue of a carrier and hands out its slots that are free now: groups take turns, and of one
 * group and number the message that was accepted first goes first; urgent texts go before messages. One call to Redis; slots
 * are epoch milliseconds.
 */
export async function reserve(
  { redis, clock }: { redis: RedisClient; clock: RedisClock },
  { carrier, requests, pace, horizonMs, room }: Reserving,
): Promise<Reserved> {
  const limited = hasLimit(pace);
  const askedAt = Date.now();
  const reply = (await withScript(redis).reserve(
    keys.fairQueue(carrier),
    Math.round(horizonMs),
    Math.round(horizonMs * MESSAGE_HORIZON),
    limited ? quantumOf(pace) : UNLIMITED_QUANTUM,
    Math.max(0, room),
    ...[pace.account, ...numberClasses.map((of) => pace.numbers[of])].flatMap(({ segmentMs, mmsMs }) => [
      segmentMs,
      mmsMs,
    ]),
    ...[pace.campaigns.size, ...[...pace.campaigns].flat()],
    ...requests.flatMap(({ urgent, numberId, groupId, messageId, count, size, class: of, campaign }) => [
      ...[urgent ? 'u' : 'm', numberId, groupId, messageId],
      ...[count, size, of, campaign !== null && pace.campaigns.has(campaign) ? campaign : ''],
    ]),
  )) as [number, number, ...(string | number)[][]];
  const [now, waiting, ...granted] = reply;
  clock.learn({ redisMs: now, askedAt, answeredAt: Date.now() });
  return {
    waiting,
    reservations: granted.map(([messageId, numberId, count, size, ...slots]) => ({
      messageId: Number(messageId),
      numberId: Number(numberId),
      count: Number(count),
      size: size === 'mms' ? size : Number(size),
      slots: limited ? slots.map((slot) => clock.toProcess(Number(slot))) : null,
    })),
  };
}

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
 * For how many milliseconds a number could have had a slot, for an MMS or for segments, and took none; negative while its next
 * one, or the account's, is still to come: then who waits for it waits rightly.
 */
export async function freeForMs(
  redis: RedisClient,
  { carrier, numberId, isMms }: { carrier: CarrierName; numberId: number; isMms: boolean },
): Promise<number> {
  return Number(await redis.eval(freeScript, 1, keys.fairQueue(carrier), numberId, isMms ? 'mms' : ''));
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

/** The share of the horizon that a message may use. */
export const MESSAGE_HORIZON = 0.4;
/** A turn is a fifth of a second of the scarcer limit, at least one text. */
const QUANTUM_MS = 200;
const UNLIMITED_QUANTUM = 25;

function quantumOf({ numbers, account }: Pace): number {
  const segmentMs = Math.max(numbers.long.segmentMs, account.segmentMs);
  return segmentMs > 0 ? Math.max(1, Math.floor(QUANTUM_MS / segmentMs)) : UNLIMITED_QUANTUM;
}

type WithScript = RedisClient & { reserve(...args: (string | number)[]): Promise<unknown> };

function withScript(redis: RedisClient): WithScript {
  if (!('reserve' in redis)) redis.defineCommand('reserve', { numberOfKeys: 1, lua: fairQueueScript });
  return redis as WithScript;
}
