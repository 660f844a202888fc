import { keys } from '../platform/keys.ts';
import type { RedisClient } from '../platform/redis.ts';
import type { CarrierName } from '../rules/carriers.ts';
import type { NumberClass } from '../rules/number-class.ts';
import type { TextSize } from '../rules/text-size.ts';
import { dropScript, fairQueueScript } from './fair-queue.lua.ts';
import { hasLimit } from './pace.ts';
import { type PaceArguments, paceArguments } from './pace-arguments.ts';
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

type Reserving = PaceArguments & { carrier: CarrierName; requests: readonly ClassedRequest[] };

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
    ...paceArguments({ pace, horizonMs, room }),
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
 * one, or that of the account or its campaign, is still to come: then who waits for it waits rightly. What is further ahead than
 * anybody may reserve, because a clock was set back, counts for nothing, as for who gives the slots.
 */
export async function freeForMs(
  redis: RedisClient,
  { carrier, numberId, isMms, ...of }: Pick<Reserving, 'carrier' | 'pace' | 'horizonMs'> & OfNumber,
): Promise<number> {
  const said = paceArguments({ ...of, room: 0 });
  return Number(await redis.eval(freeScript, 1, keys.fairQueue(carrier), ...said, numberId, isMms ? 'mms' : ''));
}
type OfNumber = { numberId: number; isMms: boolean };

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

type WithScript = RedisClient & { reserve(...args: (string | number)[]): Promise<unknown> };

function withScript(redis: RedisClient): WithScript {
  if (!('reserve' in redis)) redis.defineCommand('reserve', { numberOfKeys: 1, lua: fairQueueScript });
  return redis as WithScript;
}
