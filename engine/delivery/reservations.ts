import { readContents } from '../../db/deliveries/batch-contents.ts';
import { findBehind } from '../../db/deliveries/batches.ts';
import { countWaiting, type Waits } from '../../db/deliveries/deliveries.ts';
import { endWaiting } from '../../db/deliveries/dissolved.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { type Config, isPaced } from '../platform/config.ts';
import { groupByCarrier } from '../platform/known-numbers.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type CarrierName, carrierNames } from '../rules/carriers.ts';
import { sizeOf, type TextSize } from '../rules/text-size.ts';
import { type ClassedRequest, type Request, type Reserved, reserve } from './fair-queue.ts';
import { hasLimit, paceOf } from './pace.ts';
import { MESSAGE_HORIZON } from './pace-arguments.ts';
import { place } from './placements.ts';
import { takeBack, type Waiting } from './queued-sends.ts';
import { openRedisClocks } from './redis-clock.ts';
import { nextStep } from './step-size.ts';

/** Puts requests in the fair queue, and queues the jobs of all slots that are free now, whose ever they are. */
export async function dispatch(runtime: Runtime, requests: readonly Request[] = []): Promise<void> {
  await serve(runtime, await reserveSlots(runtime, requests));
}

/**
 * Queues again what has no job any more: tries whose backoff is over, and batches that nobody has claimed, because
 * their slots have passed or their jobs were lost, with those of later messages that would overtake them.
 */
export async function requeue(runtime: Runtime, waiting: Partial<Waiting>): Promise<void> {
  const { tries = [], batches = [] } = waiting;
  // Or they would overtake, with the slots that they have, those that wait for others.
  const behind = await readContents(runtime.db, await findBehind(runtime.db, batches));
  await enqueueWaiting(runtime, await takeBack(runtime, { tries, batches: [...batches, ...behind] }));
}

/**
 * Puts everything of these messages that waits for a slot in the fair queue. It is counted row by row, so as many messages
 * are taken at once as are counted in a moment: one may have ten thousand rows.
 */
export async function enqueueWaiting(runtime: Runtime, messageIds: readonly number[]): Promise<void> {
  for (let from = 0, atOnce = FEW_MESSAGES; from < messageIds.length; ) {
    const startedAt = performance.now();
    const some = messageIds.slice(from, from + atOnce);
    from += some.length;
    await enqueueSome(runtime, some);
    atOnce = Math.min(nextStep(atOnce, performance.now() - startedAt), MORE_MESSAGES);
  }
}
const FEW_MESSAGES = 4;
const MORE_MESSAGES = 8;

async function enqueueSome(runtime: Runtime, messageIds: readonly number[]): Promise<void> {
  const waiting = await countWaiting(runtime.db, messageIds);
  await endWaiting(
    runtime.db,
    messageIds.filter((id) => !waiting.some(({ messageId }) => messageId === id)),
  );
  await enqueueRequests(runtime, waiting);
}

/** The same of what was counted already. What is gone gets no slots. */
export async function enqueueRequests(runtime: Runtime, waiting: readonly Waits[]): Promise<void> {
  await dispatch(runtime, requestsOfWaiting(waiting));
}

export function requestsOfWaiting(waiting: readonly Waits[]): Request[] {
  // A message may wait for many numbers.
  const sizes = new Map<number, TextSize>();
  return waiting.flatMap(({ groupId, urgent, gone, text, media, ...request }) => {
    if (gone !== null) return [];
    const size = sizes.get(request.messageId) ?? sizeOf({ text, media: readMedia(media) });
    sizes.set(request.messageId, size);
    return [{ ...request, groupId: groupId ?? 0, urgent: urgent === 1, size }];
  });
}

/** How soon somebody comes back for those who wait: at least twice within what a message may reserve ahead. */
const DISPATCH_MS = 200;
const PACED_DISPATCH_MS = 400;
/**
 * Asks Redis whose turn it is, and when: at the carriers of these requests, or at all of them where there are none, for
 * those who wait from before.
 */
export async function reserveSlots(runtime: Runtime, requests: readonly Request[]): Promise<Reserved> {
  const { config, queues, redis } = runtime;
  const pace = paceOf(config, await runtime.campaignPaces());
  const horizonMs = config.HORIZON_SECONDS * 1000;
  const asked: Iterable<[CarrierName, readonly Request[]]> =
    requests.length === 0
      ? carrierNames.map((carrier): [CarrierName, readonly Request[]] => [carrier, []])
      : await groupByCarrier(runtime.carrierOf, requests);
  let room = hasLimit(pace) ? 0 : await queues.room();
  const all: Reserved = { reservations: [], waiting: 0, failed: [] };
  for (const [carrier, some] of asked) {
    const on = { redis, config, clocks: runtime.use(openRedisClocks) };
    const { reservations, waiting, failed } = await reserve(on, {
      carrier,
      requests: await classed(runtime, some),
      pace,
      horizonMs,
      room,
    });
    room -= reservations.reduce((sum, { count }) => sum + count, 0);
    all.reservations.push(...reservations);
    all.waiting += waiting;
    all.failed.push(...failed);
  }
  return all;
}

function classed({ classOf, campaignOf }: Runtime, requests: readonly Request[]): Promise<ClassedRequest[]> {
  return Promise.all(
    requests.map(async (request) => ({
      ...request,
      class: await classOf(request.numberId),
      campaign: await campaignOf(request.numberId),
    })),
  );
}

/** Places reservations; whatever becomes of that, somebody comes back for those who still wait. Throws what failed. */
export async function serve(runtime: Runtime, { reservations, waiting, failed }: Reserved): Promise<void> {
  try {
    await place(runtime, reservations);
    if (failed.length > 0) throw failed[0];
  } finally {
    if (waiting > 0 || failed.length > 0) await runtime.queues.addDispatch(Date.now() + dispatchMs(runtime.config));
  }
}

function dispatchMs(config: Config): number {
  if (!isPaced(config)) return DISPATCH_MS;
  return Math.min(PACED_DISPATCH_MS, (config.HORIZON_SECONDS * 1_000 * MESSAGE_HORIZON) / 2);
}
