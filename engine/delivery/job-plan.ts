import { randomInt } from 'node:crypto';
import type { NewBatch } from '../../db/deliveries/batches.ts';
import type { DeliveryKey } from '../../db/deliveries/delivery-keys.ts';
import type { SendJob } from '../platform/jobs.ts';
import type { TextSize } from '../rules/text-size.ts';
import type { Reservation } from './fair-queue.ts';

/** Jobs that are being filled, and the rows of their batches. */
export type NewJobs = { jobs: SendJob[]; batches: NewBatch[] };
export function newJobs(): NewJobs {
  return { jobs: [], batches: [] };
}

/** `groupId`: the texts of that group reach each phone in their order; 0 for what has none. */
type Placed = DeliveryKey & {
  numberId: number;
  groupId: number;
  attempt: number;
  cost: number;
  urgent: boolean;
  size: TextSize;
  slot: Slot;
};

/**
 * Puts the next try of a delivery into a batch, and that into a job: first tries of one part whose slots are one moment
 * are a batch, batches that are due within a second are a job. The parts of a long text to one person stay in one job,
 * which keeps their order. A try after the first is a batch of its own. Comes in the order of people. Returns the batch.
 */
export function addToJobs(plan: NewJobs, { slot, ...delivery }: Placed): number {
  const { messageId, numberId, groupId, personId, part, attempt, cost, urgent, size } = delivery;
  const open = plan.jobs.findLast(
    (job) => job.messageId === messageId && job.numberId === numberId && job.attempt === 1,
  );
  const afterMs = (slot.atMs ?? 0) - (open?.atMs ?? 0);
  const isNear = attempt === 0 && open !== undefined && afterMs < JOB_SPAN_MS;
  const joins = isNear && (part > 0 || countOf(open) < RECIPIENTS_A_JOB);
  const last = joins ? open.batches.findLast((batch) => batch.part === part) : undefined;
  if (last !== undefined && afterMs - last.afterMs < SAME_SLOT_MS) {
    last.to.push(personId);
    const row = plan.batches.findLast(({ batch }) => batch === last.id);
    if (row !== undefined) row.lastPerson = personId;
    return last.id;
  }
  // A batch that is gone must not be mistaken for a new one of another process.
  const id = randomInt(ANY_BATCH);
  const batch = { id, part, afterMs: joins ? afterMs : 0, to: [personId] };
  if (joins) open.batches.push(batch);
  else
    plan.jobs.push({
      ...{ messageId, numberId, attempt: attempt + 1, atMs: slot.atMs, urgent, batches: [batch] },
      ...(size !== 1 && { size }),
    });
  const dueAt = new Date(slot.queuedAt.getTime() + GRACE_MS);
  plan.batches.push({
    ...{ messageId, batch: id, numberId, cost, slotAt: slot.queuedAt, dueAt },
    // A later try is out of order anyway, and nobody waits for it.
    ...{ groupId: attempt === 0 ? groupId : 0, firstPerson: personId, lastPerson: personId },
  });
  return id;
}
const ANY_BATCH = 2 ** 47;

function countOf({ batches }: SendJob): number {
  return batches.reduce((count, { to }) => count + to.length, 0);
}

/** When a delivery is to be sent; `atMs` is null where nothing limits that. */
export type Slot = { queuedAt: Date; atMs: number | null };

/** When each of the granted deliveries is to be sent. */
export function slotsOf({ count, slots }: Reservation, now: number): Slot[] {
  return Array.from({ length: count }, (_, at) => {
    const atMs = slots?.[at] ?? null;
    return { queuedAt: new Date(atMs ?? now), atMs };
  });
}

/** A job that was due this long ago is looked for. */
export const GRACE_MS = 7_000;
/** Recipients that ride in one job, where their slots are near each other: the sender keeps to each. */
const RECIPIENTS_A_JOB = 25;
const JOB_SPAN_MS = 1_000;
/** Slots as near as this are one. */
const SAME_SLOT_MS = 50;
