import type { Config } from '../platform/config.ts';
import { keys } from '../platform/keys.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { CarrierName } from '../rules/carriers.ts';
import type { NumberClass } from '../rules/number-class.ts';
import type { TextSize } from '../rules/text-size.ts';
import { dropScript } from './drop-requests.lua.ts';
import { fairQueueScript } from './fair-queue.lua.ts';
import { hasLimit } from './pace.ts';
import { type PaceArguments, paceArguments } from './pace-arguments.ts';
import type { RedisClock, RedisClocks } from './redis-clock.ts';
import { freeScript, holdScript, unholdScript } from './silence.lua.ts';
import { leaseSlots, type Short } from './turn-leases.ts';
import { byShard, shardOf, shardsOf } from './turn-shards.ts';

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

type Reserving = Omit<PaceArguments, 'leases'> & { carrier: CarrierName; requests: readonly ClassedRequest[] };
/** What of a runtime the fair queue needs. */
type Turns = Pick<Runtime, 'redis'> & { config: Pick<Config, 'TURN_SHARDS'> };

/**
 * Puts messages in the fair queue of a carrier and hands out its slots that are free now: groups take turns, and of one
 * group and number the message that was accepted first goes first; urgent texts go before messages. One call to Redis, or in each of
 * TURN_SHARDS that has a number of these requests, all of them where there are none; slots are epoch milliseconds. What some shards
 * have granted is returned although others failed.
 */
export async function reserve(
  { redis, config, clocks }: Turns & { clocks: RedisClocks },
  { requests, ...of }: Reserving,
): Promise<Reserved> {
  const parts =
    requests.length === 0 ? shardsOf(config).map((shard) => ({ shard, some: [] })) : byShard(config, requests);
  const all: Reserved = { reservations: [], waiting: 0, failed: [] };
  const room = Math.floor(of.room / parts.length);
  const ended = await Promise.allSettled(
    parts.map(({ shard, some }) => {
      const on = { redis, shard, clock: clocks(shard) };
      return reserveAll(on, { ...of, room, requests: some, ...leasing(config) });
    }),
  );
  for (const one of ended) {
    if (one.status === 'rejected') all.failed.push(one.reason);
    else add(all, one.value);
  }
  if (all.failed.length === parts.length) throw all.failed[0];
  return all;
}

/** A shard that is alone has all to itself. */
function leasing({ TURN_SHARDS }: Turns['config']): Pick<PaceArguments, 'leases'> {
  return TURN_SHARDS === 1 ? {} : { leases: [] };
}

/** As often as more of what the shards share can be leased for those who miss it. What was granted by then outlives a failure. */
async function reserveAll(on: Shard, { requests, ...of }: Reserving & PaceArguments): Promise<Reserved> {
  const { shorts, ...all } = await reserveIn(on, { ...of, requests });
  try {
    for (let missing = shorts, times = 0; missing.length > 0 && times < MOST_LEASES; times++) {
      const leases = await leaseSlots(on.redis, { ...of, shard: on.shard, shorts: missing });
      if (!leases.some(({ count }) => count > 0)) break;
      const more = await reserveIn(on, { ...of, requests: [], leases });
      all.reservations.push(...more.reservations);
      all.waiting = more.waiting;
      missing = more.shorts;
    }
  } catch (error) {
    all.failed.push(error);
  }
  return all;
}
/** More than a pump can use: each is a tenth of a second of the limit. */
const MOST_LEASES = 64;

function add(all: Reserved, { reservations, waiting, failed }: Reserved): void {
  all.reservations.push(...reservations);
  all.waiting += waiting;
  all.failed.push(...failed);
}

type Shard = Pick<Turns, 'redis'> & { shard: number; clock: RedisClock };

/** `shorts`: what of that which shards share could not be had. */
async function reserveIn(
  { redis, shard, clock }: Shard,
  { carrier, requests, ...of }: Reserving & PaceArguments,
): Promise<Reserved & { shorts: Short[] }> {
  const { pace } = of;
  const limited = hasLimit(pace);
  const askedAt = Date.now();
  const reply = (await withScript(redis).reserve(
    keys.fairQueue(carrier, shard),
    ...paceArguments(of),
    ...requests.flatMap(({ urgent, numberId, groupId, messageId, count, size, class: of, campaign }) => [
      ...[urgent ? 'u' : 'm', numberId, groupId, messageId],
      ...[count, size, of, campaign !== null && pace.campaigns.has(campaign) ? campaign : ''],
    ]),
  )) as [number, number, [string, number, number, Short['class']][], ...(string | number)[][]];
  const [now, waiting, missing, ...granted] = reply;
  clock.learn({ redisMs: now, askedAt, answeredAt: Date.now() });
  return {
    waiting,
    shorts: missing.map(([of, count, least, urgency]) => ({ of, count, least, class: urgency })),
    failed: [],
    reservations: granted.map(([messageId, numberId, count, size, ...slots]) => ({
      messageId: Number(messageId),
      numberId: Number(numberId),
      count: Number(count),
      size: size === 'mms' ? size : Number(size),
      slots: limited ? slots.map((slot) => clock.toProcess(Number(slot))) : null,
    })),
  };
}

/**
 * `waiting`: groups, and numbers with groups, that still wait for their turn; somebody has to come back for them. `failed`: why
 * some parts of the queue could not be asked.
 */
export type Reserved = { reservations: Reservation[]; waiting: number; failed: unknown[] };

/** Keeps a number silent until then: the carrier said that it is too fast, or an operator holds it. */
export async function holdNumber(
  { redis, config }: Turns,
  { carrier, numberId, untilMs }: { carrier: CarrierName; numberId: number; untilMs: number },
): Promise<void> {
  const key = keys.fairQueue(carrier, shardOf(config, numberId));
  // As a span, because Redis' clock may differ from ours.
  await redis.eval(holdScript, 1, key, numberId, Math.max(0, Math.round(untilMs - Date.now())));
}

/** Ends that: who waits for the number may be next. */
export async function freeNumber(
  { redis, config }: Turns,
  { carrier, numberId }: { carrier: CarrierName; numberId: number },
): Promise<void> {
  await redis.eval(unholdScript, 1, keys.fairQueue(carrier, shardOf(config, numberId)), numberId);
}

/**
 * For how many milliseconds a number could have had a slot, for an MMS or for segments, and took none; negative while its next
 * one, or that of the account or its campaign, is still to come: then who waits for it waits rightly. What is further ahead than
 * anybody may reserve, because a clock was set back, counts for nothing, as for who gives the slots.
 */
export async function freeForMs(
  { redis, config }: Turns,
  { carrier, numberId, isMms, ...of }: Pick<Reserving, 'carrier' | 'pace' | 'horizonMs'> & OfNumber,
): Promise<number> {
  const said = paceArguments({ ...of, room: 0, ...leasing(config) });
  const key = keys.fairQueue(carrier, shardOf(config, numberId));
  return Number(await redis.eval(freeScript, 1, key, ...said, numberId, isMms ? 'mms' : ''));
}
type OfNumber = { numberId: number; isMms: boolean };

/** Takes messages of a group, none of them urgent, out of the fair queue of a carrier. */
export async function dropRequests(
  { redis, config }: Turns,
  { carrier, groupId, messageIds }: { carrier: CarrierName; groupId: number; messageIds: readonly number[] },
): Promise<void> {
  // The numbers through which a group sends may be in several.
  const drop = (shard: number) => redis.eval(dropScript, 1, keys.fairQueue(carrier, shard), groupId, ...messageIds);
  await Promise.all(shardsOf(config).map(drop));
}

/** Which of these requests still stand in the fair queue of a carrier. */
export async function areQueued(
  { redis, config }: Turns,
  { carrier, requests }: { carrier: CarrierName; requests: readonly Pick<Request, 'messageId' | 'numberId'>[] },
): Promise<boolean[]> {
  const queued = new Set<unknown>();
  for (const { shard, some } of byShard(config, requests)) {
    const names = some.map(({ messageId, numberId }) => `${messageId}:${numberId}`);
    const wants = await redis.hmget(`${keys.fairQueue(carrier, shard)}:want`, ...names);
    for (const [at, one] of some.entries()) if (wants[at] !== null) queued.add(one);
  }
  return requests.map((one) => queued.has(one));
}

type WithScript = Turns['redis'] & { reserve(...args: (string | number)[]): Promise<unknown> };

function withScript(redis: Turns['redis']): WithScript {
  if (!('reserve' in redis)) redis.defineCommand('reserve', { numberOfKeys: 1, lua: fairQueueScript });
  return redis as WithScript;
}
