import { moveReserved } from '../../db/billing/accounts.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { insertBatches } from '../../db/deliveries/batches.ts';
import { insertDeliveries } from '../../db/deliveries/deliveries.ts';
import {
  findUnwritten,
  lockUnwritten,
  markWritten,
  type PendingMessage,
} from '../../db/deliveries/pending-messages.ts';
import type { NewPush } from '../../db/deliveries/pushes.ts';
import { withListed } from '../../db/messages/listed.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import { countEvents } from '../platform/events.ts';
import type { SendJob } from '../platform/jobs.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type Failed, togetherOrAlone } from '../platform/together.ts';
import { type Bundlings, openBundlings } from './bundling.ts';
import { behindEarlier } from './earlier-waiting.ts';
import type { Reservation } from './fair-queue.ts';
import { watchHeat } from './heat.ts';
import { type HeldSlots, openHeldSlots } from './held-slots.ts';
import { addToJobs, type NewJobs, newJobs, slotsOf } from './job-plan.ts';
import {
  type FannedOut,
  type Listed,
  type Planned,
  planDeliveries,
  requestsOf,
  summaryOf,
  tellFannedOut,
} from './planned-message.ts';
import { queuePushes, writePushes } from './pushes.ts';
import { queueSends } from './queued-sends.ts';
import { serve } from './reservations.ts';

/**
 * Writes the deliveries of messages, and before them those of earlier messages of their groups, and queues what has a
 * sending slot. Safe to repeat: names are computed, rows that are there stay, and a message is written once. Messages
 * that come while others are being written are written together.
 */
export async function fanOut(runtime: Runtime, messageIds: readonly number[]): Promise<void> {
  const ends = await Promise.all(messageIds.map((id) => runtime.use(openFanOuts).add(id)));
  const failed = ends.find((end) => end !== null);
  if (failed) throw failed.error;
}

/** What is written in one transaction: it stays short, whatever has piled up. A message is written whole. */
const MESSAGES_AT_ONCE = 16;
const ROWS_AT_ONCE = 5_000;

/**
 * An idle batcher starts at once, a busy one gathers. Where messages cannot be written together, each is tried alone, so
 * that a bad one stops only itself and its group.
 */
function openFanOuts(runtime: Runtime): Batcher<number, Failed | null> {
  return batched({
    max: MESSAGES_AT_ONCE,
    lingerMs: 0,
    flush: (all) =>
      togetherOrAlone(all, async (ids) => {
        await fanOutAll(runtime, ids);
        return ids.map(() => null);
      }),
  });
}

async function fanOutAll(runtime: Runtime, messageIds: readonly number[]): Promise<void> {
  for (;;) {
    const ids = await findUnwritten(runtime.db, { upTo: messageIds, limit: MESSAGES_AT_ONCE });
    if (ids.length === 0) return;
    const startedAt = performance.now();
    const held = openHeldSlots(runtime);
    let plan = NOTHING;
    let written: readonly number[] = [];
    try {
      await transact(runtime.db, async (tx) => {
        plan = await writeMessages(runtime, tx, held, await withListed(tx, await lockUnwritten(tx, ids)));
      }).finally(async () => {
        // Also where the COMMIT was not answered: it may have happened, and jobs without rows do nothing.
        await queueSends(runtime, plan.sends);
        await queuePushes(runtime, plan.pushes);
      });
      written = plan.written;
      tellFannedOut(runtime, plan.told, startedAt);
      countEvents(runtime, { skipped: plan.skipped });
      await watchHeat(runtime, plan.planned);
    } finally {
      // Also where nothing could be written: what was granted to other messages is theirs.
      const { reservations, ...rest } = held.all();
      await serve(runtime, {
        ...rest,
        reservations: reservations.filter(({ messageId }) => !written.includes(messageId)),
      });
    }
    if (plan.isAll && ids.length < MESSAGES_AT_ONCE) return;
  }
}

/** `written`: rows of messages; `isAll`: none was left for the next transaction. */
type Plan = {
  sends: SendJob[];
  pushes: NewPush[];
  written: number[];
  skipped: number;
  told: FannedOut[];
  planned: readonly Planned[];
  isAll: boolean;
};
const NOTHING: Plan = { sends: [], pushes: [], written: [], skipped: 0, told: [], planned: [], isAll: true };

async function writeMessages(
  runtime: Runtime,
  tx: Tx,
  held: HeldSlots,
  messages: readonly (PendingMessage & Listed)[],
): Promise<Plan> {
  if (messages.length === 0) return NOTHING;
  const now = new Date();
  const { planned, bundlings } = await planSome(runtime, tx, messages, now);
  const requests = await behindEarlier(runtime, tx, planned.flatMap(requestsOf));
  const reservations = await held.reserve(requests);
  const { jobs: sends, batches } = giveSlots(planned, reservations, now);
  const all = planned.flatMap(({ deliveries }) => deliveries);
  await insertBatches(tx, batches);
  await insertDeliveries(tx, all, now);
  await bundlings.keep();
  await moveReserved(tx, correctionsOf(planned));
  const pushes = planned.flatMap((plan) => plan.pushes);
  await writePushes(tx, pushes, now);
  await markWritten(
    tx,
    planned.map(({ message, deliveries }) => ({
      id: message.id,
      waiting: deliveries.some(({ state, queuedAt }) => state === 'queued' && queuedAt === null),
    })),
  );
  const written = planned.map(({ message }) => message.id);
  const skipped = all.filter(({ state }) => state === 'skipped').length;
  const told = planned.map(summaryOf);
  return { sends, pushes, written, skipped, told, planned, isAll: planned.length === messages.length };
}

/** In order, as many as go into one transaction, and at least the first. */
async function planSome(
  runtime: Runtime,
  tx: Tx,
  messages: readonly (PendingMessage & Listed)[],
  now: Date,
): Promise<{ planned: Planned[]; bundlings: Bundlings }> {
  const known = await Promise.all(
    messages.map(async (message) => ({ message, roster: await runtime.rosters.read(message) })),
  );
  const bundlings = await openBundlings(tx, known);
  const planned: Planned[] = [];
  let rows = 0;
  for (const { message, roster } of known) {
    const plan = await planDeliveries(runtime, { message, roster, bundling: bundlings.of(message, roster), now });
    rows += plan.deliveries.length + plan.pushes.length;
    if (planned.length > 0 && rows > ROWS_AT_ONCE) break;
    planned.push(plan);
  }
  return { planned, bundlings };
}

/** What is reserved for each message becomes what its deliveries can cost: some members get a push instead. */
function correctionsOf(planned: readonly Planned[]): Map<number, number> {
  const corrections = new Map<number, number>();
  for (const { message, deliveries } of planned) {
    const { payerId, held } = message;
    if (payerId === null || held === null) continue;
    const costs = deliveries.reduce((sum, { state, cost }) => (state === 'queued' ? sum + cost : sum), 0);
    corrections.set(payerId, (corrections.get(payerId) ?? 0) + costs - held);
  }
  return corrections;
}

/** Notes on each delivery when it is sent, and in which batch. Returns the jobs. */
function giveSlots(planned: readonly Planned[], reservations: readonly Reservation[], now: Date): NewJobs {
  const plan = newJobs();
  for (const { message, deliveries, size } of planned) {
    const mine = reservations.filter(({ messageId }) => messageId === message.id);
    const slots = new Map(mine.map((reservation) => [reservation.numberId, slotsOf(reservation, now.getTime())]));
    for (const delivery of deliveries) {
      const slot = delivery.state === 'queued' ? slots.get(delivery.numberId)?.shift() : undefined;
      if (slot === undefined) continue;
      delivery.queuedAt = slot.queuedAt;
      delivery.batch = addToJobs(plan, {
        ...delivery,
        groupId: message.groupId,
        attempt: 0,
        urgent: message.urgent === 1,
        size,
        slot,
      });
    }
  }
  return plan;
}
