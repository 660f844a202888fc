import { transact } from '../../db/connect.ts';
import { type BatchKey, dissolveBatches, insertBatches } from '../../db/deliveries/batches.ts';
import { countWaiting, lockWaiting, markQueued, markWaitingAgain } from '../../db/deliveries/deliveries.ts';
import type { DeliveryKey } from '../../db/deliveries/delivery-keys.ts';
import { lockMessage, lockMessages, markWaiting, settleWaiting } from '../../db/deliveries/pending-messages.ts';
import type { SendJob, TryOf } from '../platform/queues.ts';
import type { Runtime } from '../platform/runtime.ts';
import { formBatches } from './batches.ts';
import { type Grant, openRedisClock, type Pace, type Taken, type Turn, takeTurns, withSpare } from './pacing.ts';

/** Hands out the slots that are free now to whoever's turn it is. */
export async function pump(runtime: Runtime): Promise<void> {
  await placeTurns(runtime, []);
}

/** Puts turns in line, and places whatever slots that gives to whomever. */
export async function placeTurns(runtime: Runtime, turns: readonly Turn[]): Promise<void> {
  await serve(runtime, await askForSlots(runtime, turns));
}

/** A try that failed for now stands in line again. */
export async function retry(runtime: Runtime, tries: readonly TryOf[]): Promise<void> {
  await standInLine(runtime, await takeBack(runtime, { tries, batches: [] }));
}

/** The slots of a job have passed while nothing could be sent: it stands in line again. */
export async function renew(runtime: Runtime, send: SendJob): Promise<void> {
  await standInLine(runtime, await takeBack(runtime, heldBy([send])));
}

/** The jobs of these batches were lost: what nobody has claimed stands in line again. */
export async function renewBatches(runtime: Runtime, batches: readonly BatchKey[]): Promise<void> {
  await standInLine(runtime, await takeBack(runtime, { tries: [], batches }));
}

/** Puts everything of these messages that waits for a slot in line. */
export async function standInLine(runtime: Runtime, messageIds: readonly number[]): Promise<void> {
  const waiting = await countWaiting(runtime.db, messageIds);
  await settleWaiting(
    runtime.db,
    messageIds.filter((id) => !waiting.some(({ messageId }) => messageId === id)),
  );
  await placeTurns(
    runtime,
    waiting.map(({ groupId, urgent, ...turn }) => ({ ...turn, groupId: groupId ?? 0, urgent: urgent === 1 })),
  );
}

const PUMP_MS = 200;
/** A job that was due this long ago is looked for. */
export const GRACE_MS = 10_000;
/** Recipients that ride in one job, where their slots are near each other: the sender keeps to each. */
const RECIPIENTS_A_JOB = 25;
const JOB_SPAN_MS = 1_000;
/** Slots as near as this are one. */
const SAME_SLOT_MS = 50;

export type Slot = { queuedAt: Date; dueAt: Date; atMs: number | null };

/** One question to Redis: whose turn is it, and when. */
export async function askForSlots(runtime: Runtime, turns: readonly Turn[]): Promise<Taken> {
  const { config, queues, redis } = runtime;
  const pace: Pace = {
    numberMps: withSpare(config.NUMBER_MPS),
    accountMps: withSpare(config.ACCOUNT_MPS),
    horizonMs: config.HORIZON_SECONDS * 1000,
  };
  const limited = pace.numberMps > 0 || pace.accountMps > 0;
  return takeTurns(
    { redis, clock: runtime.use(openRedisClock) },
    { turns, pace, room: limited ? 0 : await queues.room() },
  );
}

/** Places grants; whatever becomes of that, somebody comes back for those who still wait. */
export async function serve(runtime: Runtime, { grants, waiting }: Taken): Promise<void> {
  try {
    await place(runtime, grants);
  } finally {
    if (waiting > 0) await runtime.queues.addPump(Date.now() + PUMP_MS);
  }
}

/** Queues the deliveries that were granted slots. */
async function place(runtime: Runtime, grants: readonly Grant[]): Promise<void> {
  if (grants.length === 0) return;
  const sends = await transact(runtime.db, async (tx) => {
    const jobs: SendJob[] = [];
    // Everybody locks messages in the same order, and before their deliveries.
    for (const grant of grants.toSorted((a, b) => a.messageId - b.messageId)) {
      // Waits for the fan-out that is still writing this message; without it there is nothing to place.
      const message = await lockMessage(tx, grant.messageId);
      if (message === undefined) continue;
      const deliveries = await lockWaiting(tx, {
        messageId: grant.messageId,
        numberId: grant.numberId,
        limit: grant.count,
      });
      const slots = slotsOf(grant, Date.now());
      const placed = deliveries.map((delivery, at) => ({ ...delivery, ...(slots[at] as Slot), batch: null }));
      const mine: SendJob[] = [];
      for (const one of placed) addToJob(mine, { ...one, numberId: grant.numberId }, one, message.urgent === 1);
      await insertBatches(tx, formBatches(mine, placed));
      await markQueued(tx, placed);
      jobs.push(...mine);
    }
    await settleWaiting(tx, [...new Set(grants.map(({ messageId }) => messageId))]);
    return jobs;
  });
  await queueSends(runtime, sends);
}

/** What cannot be queued, because Redis has gone away, waits for a slot again; the sweeper puts it in line. */
export async function queueSends(runtime: Runtime, sends: readonly SendJob[]): Promise<void> {
  try {
    await runtime.queues.addSends(sends);
  } catch (err) {
    runtime.log.warn({ err }, 'texts with slots could not be queued; the sweeper puts them in line');
    await takeBack(runtime, heldBy(sends));
  }
}

type Held = { tries: readonly TryOf[]; batches: readonly BatchKey[] };

/** Makes tries and batches wait for a slot again, where they are still queued; answers their messages. */
async function takeBack(runtime: Runtime, { tries, batches }: Held): Promise<number[]> {
  const messageIds = [...new Set([...tries, ...batches].map(({ messageId }) => messageId))];
  if (messageIds.length === 0) return [];
  await transact(runtime.db, async (tx) => {
    await lockMessages(tx, messageIds);
    await dissolveBatches(tx, batches);
    await markWaitingAgain(tx, tries);
    await markWaiting(tx, messageIds);
  });
  return messageIds;
}

/** What rows know while the jobs' tries are about to be made. */
function heldBy(sends: readonly SendJob[]): Held {
  const single = sends.filter(({ batch }) => batch === undefined);
  return {
    tries: single.flatMap(({ messageId, to }) =>
      to.map(({ personId, part, attempt }) => ({ messageId, personId, part, attempt: attempt - 1 })),
    ),
    batches: sends.flatMap(({ messageId, batch }) => (batch === undefined ? [] : [{ messageId, batch }])),
  };
}

/** When each of the granted deliveries is to be sent, and when somebody is to look whether it was. */
export function slotsOf({ count, slots }: Grant, now: number): Slot[] {
  return Array.from({ length: count }, (_, at) => {
    const atMs = slots?.[at] ?? null;
    const queued = atMs ?? now;
    return { queuedAt: new Date(queued), dueAt: new Date(queued + GRACE_MS), atMs };
  });
}

/** Joins the job before it where that one is due about then; else begins a new one. Retries ride alone. */
export function addToJob(
  jobs: SendJob[],
  { messageId, numberId, personId, part, attempt }: DeliveryKey & { numberId: number; attempt: number },
  slot: Slot,
  urgent: boolean,
): void {
  const to = { personId, part, attempt: attempt + 1 };
  const open = jobs.findLast((job) => job.messageId === messageId && job.numberId === numberId);
  const afterMs = (slot.atMs ?? 0) - (open?.atMs ?? 0);
  const joins = open !== undefined && attempt === 0 && open.to.length < RECIPIENTS_A_JOB && afterMs < JOB_SPAN_MS;
  if (!joins) {
    jobs.push({ messageId, numberId, atMs: slot.atMs, urgent, to: [to] });
    return;
  }
  const last = open.to.at(-1)?.afterMs ?? 0;
  const own = afterMs - last < SAME_SLOT_MS ? last : afterMs;
  open.to.push(own === 0 ? to : { ...to, afterMs: own });
}
