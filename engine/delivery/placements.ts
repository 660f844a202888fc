import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable, transact } from '../../db/connect.ts';
import { insertBatches } from '../../db/deliveries/batches.ts';
import { lockWaiting, markQueued, skipGone } from '../../db/deliveries/deliveries.ts';
import { endDissolved } from '../../db/deliveries/dissolved.ts';
import type { Gone } from '../../db/deliveries/gone.ts';
import { findPendingIn, lockGranted, settleWaiting } from '../../db/deliveries/pending-messages.ts';
import { countEvents } from '../platform/events.ts';
import type { Runtime } from '../platform/runtime.ts';
import { dropRequests, type Reservation } from './fair-queue.ts';
import { settleFees } from './fees.ts';
import { addToJobs, newJobs, slotsOf } from './job-plan.ts';
import { joinReservations } from './joined-reservations.ts';
import { queueSends } from './queued-sends.ts';

/** Queues the deliveries that were granted slots, many in one transaction, which stays short. */
export async function place(runtime: Runtime, reservations: readonly Reservation[]): Promise<void> {
  // Everybody locks messages in the same order, and before their deliveries.
  const sorted = joinReservations(reservations).sort((a, b) => a.messageId - b.messageId);
  const failed: unknown[] = [];
  for (let from = 0; from < sorted.length; from += PLACED_AT_ONCE) {
    const some = sorted.slice(from, from + PLACED_AT_ONCE);
    // Where some cannot be placed, the others can all the same.
    await placeSoon(runtime, some).catch((error: unknown) => failed.push(error));
  }
  if (failed.length > 0) throw failed[0];
}
const PLACED_AT_ONCE = 250;

/**
 * What is granted stands in no line any more, and later messages of its groups would overtake it: so it is tried again while
 * MySQL may only be standing still, as it does at the end of a backup. Where the COMMIT that was not answered happened all the
 * same, nothing is left to place.
 */
async function placeSoon(runtime: Runtime, reservations: readonly Reservation[]): Promise<void> {
  for (const until = performance.now() + STANDSTILL_MS; ; ) {
    try {
      return await placeSome(runtime, reservations);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || performance.now() > until) throw error;
      await sleep(AGAIN_MS);
    }
  }
}
const STANDSTILL_MS = 8_000;
const AGAIN_MS = 100;

async function placeSome(runtime: Runtime, reservations: readonly Reservation[]): Promise<void> {
  const messageIds = [...new Set(reservations.map(({ messageId }) => messageId))];
  let plan = newJobs();
  let ended: Ended[] = [];
  let skipped = 0;
  await transact(runtime.db, async (tx) => {
    plan = newJobs();
    ended = [];
    skipped = 0;
    // Waits for the fan-out that is still writing one of them; without its message there is nothing to place.
    const messages = new Map((await lockGranted(tx, messageIds)).map((message) => [message.id, message]));
    const live: Reservation[] = [];
    for (const reservation of reservations) {
      const { messageId } = reservation;
      const { gone = null, groupId = 0 } = messages.get(messageId) ?? {};
      if (gone !== null) {
        const { skipped: count, released } = await skipGone(tx, { messageId, reason: gone });
        skipped += count;
        await settleFees(tx, [{ messageId, amount: 0, released }], new Date());
        ended.push({ ...reservation, groupId, gone });
      } else if (messages.has(messageId)) live.push(reservation);
    }
    const wanted = live.map(({ count: limit, ...of }) => ({ ...of, limit }));
    const waiting = byPlace(await lockWaiting(tx, wanted));
    const now = Date.now();
    const placed = live.flatMap((reservation) => {
      const { messageId, numberId, size } = reservation;
      const slots = slotsOf(reservation, now);
      const { groupId = 0, urgent } = messages.get(messageId) ?? {};
      const line = { messageId, numberId, groupId, urgent: urgent === 1, size };
      return (waiting.get(placeOf(reservation)) ?? []).flatMap((delivery, at) => {
        const slot = slots[at];
        if (slot === undefined) return [];
        return [{ ...delivery, queuedAt: slot.queuedAt, batch: addToJobs(plan, { ...line, ...delivery, slot }) }];
      });
    });
    await markQueued(tx, placed);
    await insertBatches(tx, plan.batches);
    await settleWaiting(tx, messageIds);
    const placedUpTo = plan.batches.map(({ lastPerson: upTo, ...batch }) => ({ ...batch, upTo }));
    await endDissolved(tx, messageIds, placedUpTo);
  }).finally(() => {
    // Also where the COMMIT was not answered: it may have happened, and jobs without rows do nothing.
    return queueSends(runtime, plan.jobs);
  });
  countEvents(runtime, { skipped });
  await dropEnded(runtime, ended);
}

function byPlace<T extends { messageId: number; numberId: number }>(deliveries: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const delivery of deliveries) {
    const known = found.get(placeOf(delivery)) ?? [];
    known.push(delivery);
    found.set(placeOf(delivery), known);
  }
  return found;
}

/** A message, and the number through which some of it goes. */
function placeOf({ messageId, numberId }: { messageId: number; numberId: number }): string {
  return `${messageId}:${numberId}`;
}

type Ended = { messageId: number; numberId: number; groupId: number; gone: Gone };

/**
 * What was cancelled, and whatever a group that has ended still had to say, takes no more slots; the sweeper writes down that
 * nobody gets it.
 */
async function dropEnded({ db, redis, config, carrierOf }: Runtime, ended: readonly Ended[]): Promise<void> {
  const others = new Map<number, number[]>();
  for (const { groupId, numberId, messageId, gone } of ended) {
    const known = gone === 'cancelled' ? [] : (others.get(groupId) ?? (await findPendingIn(db, groupId)));
    if (gone !== 'cancelled') others.set(groupId, known);
    const carrier = await carrierOf(numberId);
    await dropRequests({ redis, config }, { carrier, groupId, messageIds: [...known, messageId] });
  }
}
