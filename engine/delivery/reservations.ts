import { transact } from '../../db/connect.ts';
import { readContents } from '../../db/deliveries/batch-contents.ts';
import { type Batch, findBehind, insertBatches } from '../../db/deliveries/batches.ts';
import {
  countWaiting,
  lockWaiting,
  markQueued,
  markWaitingAgain,
  skipGone,
  type Waits,
} from '../../db/deliveries/deliveries.ts';
import { dissolveBatches, endDissolved } from '../../db/deliveries/dissolved.ts';
import type { Gone } from '../../db/deliveries/gone.ts';
import {
  findPendingIn,
  lockMessage,
  lockMessages,
  markWaiting,
  settleWaiting,
} from '../../db/deliveries/pending-messages.ts';
import { countEvents } from '../platform/events.ts';
import type { SendBatch, SendJob } from '../platform/jobs.ts';
import { groupByCarrier } from '../platform/number-carriers.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type CarrierName, carrierNames } from '../rules/carriers.ts';
import type { TryOf } from '../rules/try-name.ts';
import {
  dropRequests,
  openRedisClock,
  type Pace,
  type Request,
  type Reservation,
  type Reserved,
  reserve,
  withHeadroom,
} from './fair-queue.ts';
import { settleFees } from './fees.ts';
import { addToJobs, newJobs, type Slot, slotsOf } from './job-plan.ts';
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
  await settleWaiting(
    runtime.db,
    messageIds.filter((id) => !waiting.some(({ messageId }) => messageId === id)),
  );
  await enqueueRequests(runtime, waiting);
}

/** The same of what was counted already. What is gone gets no slots. */
export async function enqueueRequests(runtime: Runtime, waiting: readonly Waits[]): Promise<void> {
  await dispatch(
    runtime,
    waiting.flatMap(({ groupId, urgent, gone, ...request }) =>
      gone !== null ? [] : [{ ...request, groupId: groupId ?? 0, urgent: urgent === 1 }],
    ),
  );
}

const DISPATCH_MS = 200;
/**
 * Asks Redis whose turn it is, and when: at the carriers of these requests, or at all of them where there are none, for
 * those who wait from before.
 */
export async function reserveSlots(runtime: Runtime, requests: readonly Request[]): Promise<Reserved> {
  const { config, queues, redis } = runtime;
  const pace: Pace = {
    numberMps: withHeadroom(config.NUMBER_MPS),
    accountMps: withHeadroom(config.ACCOUNT_MPS),
    horizonMs: config.HORIZON_SECONDS * 1000,
  };
  const limited = pace.numberMps > 0 || pace.accountMps > 0;
  const asked: Iterable<[CarrierName, readonly Request[]]> =
    requests.length === 0
      ? carrierNames.map((carrier): [CarrierName, readonly Request[]] => [carrier, []])
      : await groupByCarrier(runtime.carrierOf, requests);
  let room = limited ? 0 : await queues.room();
  const all: Reserved = { reservations: [], waiting: 0 };
  for (const [carrier, some] of asked) {
    const on = { redis, clock: runtime.use(openRedisClock) };
    const { reservations, waiting } = await reserve(on, { carrier, requests: some, pace, room });
    room -= reservations.reduce((sum, { count }) => sum + count, 0);
    all.reservations.push(...reservations);
    all.waiting += waiting;
  }
  return all;
}

/** Places reservations; whatever becomes of that, somebody comes back for those who still wait. */
export async function serve(runtime: Runtime, { reservations, waiting }: Reserved): Promise<void> {
  try {
    await place(runtime, reservations);
  } finally {
    if (waiting > 0) await runtime.queues.addDispatch(Date.now() + DISPATCH_MS);
  }
}

/** Queues the deliveries that were granted slots. */
async function place(runtime: Runtime, reservations: readonly Reservation[]): Promise<void> {
  if (reservations.length === 0) return;
  let plan = newJobs();
  let ended: Ended[] = [];
  let skipped = 0;
  await transact(runtime.db, async (tx) => {
    plan = newJobs();
    ended = [];
    skipped = 0;
    // Everybody locks messages in the same order, and before their deliveries.
    for (const reservation of reservations.toSorted((a, b) => a.messageId - b.messageId)) {
      // Waits for the fan-out that is still writing this message; without it there is nothing to place.
      const message = await lockMessage(tx, reservation.messageId);
      if (message === undefined) continue;
      if (message.gone !== null) {
        const { messageId } = reservation;
        const gone = await skipGone(tx, { messageId, reason: message.gone });
        skipped += gone.skipped;
        await settleFees(tx, [{ messageId, amount: 0, released: gone.released }], new Date());
        ended.push({ ...reservation, groupId: message.groupId, gone: message.gone });
        continue;
      }
      const deliveries = await lockWaiting(tx, {
        messageId: reservation.messageId,
        numberId: reservation.numberId,
        limit: reservation.count,
      });
      const slots = slotsOf(reservation, Date.now());
      const { messageId, numberId } = reservation;
      const line = { messageId, numberId, groupId: message.groupId, urgent: message.urgent === 1 };
      const placed = deliveries.map((delivery, at) => {
        const slot = slots[at] as Slot;
        return { ...delivery, queuedAt: slot.queuedAt, batch: addToJobs(plan, { ...line, ...delivery, slot }) };
      });
      await markQueued(tx, placed);
    }
    await insertBatches(tx, plan.batches);
    await endDissolved(
      tx,
      plan.batches.map(({ lastPerson: upTo, ...batch }) => ({ ...batch, upTo })),
    );
    await settleWaiting(tx, [...new Set(reservations.map(({ messageId }) => messageId))]);
  }).finally(() => {
    // Also where the COMMIT was not answered: it may have happened, and jobs without rows do nothing.
    return queueSends(runtime, plan.jobs);
  });
  countEvents(runtime, { skipped });
  await dropEnded(runtime, ended);
}

type Ended = { messageId: number; numberId: number; groupId: number; gone: Gone };

/**
 * What was cancelled, and whatever a group that has ended still had to say, takes no more slots; the sweeper writes down that
 * nobody gets it.
 */
async function dropEnded({ db, redis, carrierOf }: Runtime, ended: readonly Ended[]): Promise<void> {
  const others = new Map<number, number[]>();
  for (const { groupId, numberId, messageId, gone } of ended) {
    const known = gone === 'cancelled' ? [] : (others.get(groupId) ?? (await findPendingIn(db, groupId)));
    if (gone !== 'cancelled') others.set(groupId, known);
    const carrier = await carrierOf(numberId);
    await dropRequests(redis, { carrier, groupId, messageIds: [...known, messageId] });
  }
}

/** What cannot be queued, because Redis is unavailable, waits for a slot again; the sweeper puts it in line. */
export async function queueSends(runtime: Runtime, sends: readonly SendJob[]): Promise<void> {
  try {
    await runtime.queues.addSends(sends);
  } catch (err) {
    warnRarely(runtime.log, { err }, 'texts with slots could not be queued; the sweeper puts them in line');
    await takeBack(runtime, { batches: sends.flatMap((send) => send.batches.map((batch) => batchOf(send, batch))) });
  }
}

/** A batch of a job, as the database names it. */
export function batchOf({ messageId, attempt }: SendJob, { id, part, to }: SendBatch): Batch {
  return { messageId, batch: id, part, attempt, to };
}

/** `attempt` of a try that waits is the one before: the last that was made. */
type Waiting = { tries: readonly TryOf[]; batches: readonly Batch[] };

/**
 * Makes tries and batches wait for a slot again, where they are still queued. Returns their messages, in the order in which
 * they are to stand in line: the earlier one of a group first.
 */
async function takeBack(runtime: Runtime, { tries = [], batches = [] }: Partial<Waiting>): Promise<number[]> {
  const messageIds = [...new Set([...tries, ...batches].map(({ messageId }) => messageId))].sort((a, b) => a - b);
  if (messageIds.length === 0) return [];
  await transact(runtime.db, async (tx) => {
    await lockMessages(tx, messageIds);
    await dissolveBatches(tx, batches);
    await markWaitingAgain(tx, tries);
    await markWaiting(tx, messageIds);
  });
  return messageIds;
}
