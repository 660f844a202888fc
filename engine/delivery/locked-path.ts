import type { Tx } from '../../db/connect.ts';
import { type DeliveryKey, deliveryName } from '../../db/deliveries/delivery-keys.ts';
import {
  type DeliveryRow,
  lockDeliveries,
  type Progress,
  writeProgress,
} from '../../db/deliveries/delivery-progress.ts';
import { resetUnreachable } from '../../db/deliveries/reachability.ts';
import type { Counted } from '../platform/events.ts';
import type { Runtime } from '../platform/runtime.ts';
import { readAttemptLog, writeAttemptLog } from '../rules/attempt-log.ts';
import {
  advance,
  backoffMs,
  type DeliveryNow,
  type DeliveryState,
  isReserved,
  PAUSE_MS,
  type Step,
} from '../rules/status.ts';
import type { TryOf } from '../rules/try-name.ts';
import type { Fee } from './fees.ts';
import type { Outcome } from './outcome.ts';
import { findUnaffordable } from './paid-retries.ts';

/** What outcomes have moved: the tries to make again, what was event, what is counted of it, and what it costs. */
export type Moves = {
  retries: readonly Retry[];
  changed: ReadonlySet<Outcome>;
  counted: readonly Counted[];
  fees: readonly Fee[];
};
type Retry = { of: TryOf; atMs: number };

/** Locks deliveries and moves each forward as the rules say, whatever its state and whatever was heard of it. */
export async function moveForward(runtime: Runtime, tx: Tx, outcomes: readonly Outcome[], now: Date): Promise<Moves> {
  const rows = await lockDeliveries(tx, distinct(outcomes.map(({ of }) => of)));
  const moves = new Map(rows.map((row) => [deliveryName(row), begin(row)]));
  for (const one of outcomes) {
    const moved = moves.get(deliveryName(one.of));
    if (moved !== undefined) hear(moved, one, { maxAttempts: runtime.config.MAX_ATTEMPTS, now: now.getTime() });
  }
  const changed = [...moves.values()].filter(({ steps }) => steps.some((step) => step.changed));
  await endUnaffordable(tx, changed);
  const retries: Retry[] = [];
  const progress = changed.map((moved) => toProgress(runtime, moved, now, retries));
  if (changed.length > 0) await writeProgress(tx, progress);
  const reached = changed.flatMap(({ row, now: { state } }) =>
    state === 'delivered' && row.membershipId !== null ? [row.membershipId] : [],
  );
  if (reached.length > 0) await resetUnreachable(tx, [...new Set(reached)]);
  return {
    retries,
    changed: new Set(changed.flatMap((moved) => moved.heard)),
    counted: changed.flatMap(countedOf),
    fees: changed.map(feeOf),
  };
}

/** Who cannot pay another try of what was taken and not delivered has had the last one. */
async function endUnaffordable(tx: Tx, changed: readonly Moved[]): Promise<void> {
  const retries = changed.flatMap((moved) => (moved.now.state === 'queued' ? [{ moved, fee: feeOf(moved) }] : []));
  for (const { moved } of await findUnaffordable(tx, retries)) moved.now = { ...moved.now, state: 'undelivered' };
}

/** How long after its time a retry is looked for. */
const RETRY_GRACE_MS = 10_000;
/** A claimed try without an outcome for this long after the carrier's time-out: its worker died. */
export const CLAIM_GRACE_MS = 10_000;

type Moved = {
  row: DeliveryRow;
  was: DeliveryNow;
  now: DeliveryNow;
  charged: number;
  carrierCost: number;
  heard: Outcome[];
  steps: Step[];
};

function begin(row: DeliveryRow): Moved {
  const now = {
    state: row.state,
    attempt: row.attempt,
    pauses: row.pauses,
    attemptLog: readAttemptLog(row.attemptLog),
  };
  return { row, was: now, now, charged: row.charged, carrierCost: row.carrierCost, heard: [], steps: [] };
}

function hear(moved: Moved, heard: Outcome, { maxAttempts, now }: { maxAttempts: number; now: number }): void {
  const step = advance({
    delivery: moved.now,
    event: heard.event,
    maxAttempts,
    ageMs: now - moved.row.createdAt.getTime(),
  });
  moved.steps.push(step);
  if (!step.changed) return;
  moved.carrierCost = costAfter(moved, heard);
  moved.now = step.next;
  moved.charged += moved.row.cost * (Number(step.charge) - Number(step.refund));
  moved.heard.push(heard);
}

/**
 * Each report on a try says again what the try costs, so it counts once: the reports on an only try replace each other,
 * of those on a later one the first is added.
 */
function costAfter({ now, carrierCost }: Moved, { of, carrierCost: cost = null }: Outcome): number {
  if (cost === null) return carrierCost;
  if (Math.max(now.attempt, of.attempt) === 1) return cost;
  const isCounted = (now.attemptLog[of.attempt]?.sequence ?? null) !== null;
  return isCounted ? carrierCost : carrierCost + cost;
}

function toProgress(
  runtime: Runtime,
  { row, now: next, charged, carrierCost, heard, steps }: Moved,
  now: Date,
  retries: Retry[],
): Progress {
  const last = heard.at(-1);
  const again = steps.findLast((step) => step.changed)?.again ?? 'no';
  const timing = { queuedAt: null as Date | null, dueAt: null as Date | null };
  if (next.state === 'queued') {
    const backoff = Math.max(backoffMs(next.attempt - next.pauses, Math.random()), last?.waitMs ?? 0);
    // A wait for a report that never came was a backoff of that length.
    const waited = last?.event.kind === 'expired' ? runtime.config.UNKNOWN_WAIT_SECONDS * 1000 : 0;
    const atMs = now.getTime() + (again === 'pause' ? (last?.waitMs ?? PAUSE_MS) : Math.max(0, backoff - waited));
    timing.queuedAt = new Date(atMs);
    timing.dueAt = new Date(atMs + RETRY_GRACE_MS);
    retries.push({ of: { ...keyFields(row), attempt: next.attempt }, atMs });
  }
  if (next.state === 'unknown') timing.dueAt = new Date(now.getTime() + runtime.config.UNKNOWN_WAIT_SECONDS * 1000);
  if (next.state === 'sending')
    timing.dueAt = new Date(now.getTime() + runtime.config.CARRIER_TIMEOUT_MS + CLAIM_GRACE_MS);
  const ended = next.state === 'delivered' || next.state === 'undelivered' || next.state === 'failed';
  return {
    ...keyFields(row),
    numberId: row.numberId,
    state: next.state,
    attempt: next.attempt,
    pauses: next.pauses,
    attemptLog: writeAttemptLog(next.attemptLog),
    charged,
    carrierCost,
    network: heard.findLast(({ network }) => network)?.network ?? null,
    carrierId: heard.findLast(({ carrierId }) => carrierId)?.carrierId ?? null,
    errorCode: heard.findLast(({ errorCode }) => errorCode)?.errorCode ?? null,
    reason: heard.findLast(({ reason }) => reason)?.reason?.slice(0, 200) ?? null,
    ...timing,
    sentAt: next.state === 'sent' || next.state === 'delivered' ? now : null,
    endedAt: ended ? now : null,
  };
}

/** Each state when it is reached: the carrier has a text from the first that is heard of any try. */
function countedOf({ was, now, heard }: Moved): Counted[] {
  const counted: Counted[] = [];
  if (isEmpty(was.attemptLog) && !isEmpty(now.attemptLog)) counted.push('sent');
  // A first try that failed is not written down before.
  if (now.state === 'queued' && now.attempt > was.attempt) counted.push('retried');
  if (was.state === now.state) return counted;
  const code = heard.findLast(({ errorCode }) => errorCode)?.errorCode;
  if (now.state === 'queued' && now.attempt === was.attempt) counted.push('retried');
  if (now.state !== 'queued' && now.state !== 'sending' && now.state !== 'sent') counted.push(now.state);
  if ((now.state === 'failed' || now.state === 'undelivered') && code) counted.push(`failed:${code}`);
  counted.push(...byNetwork(heard.findLast(({ network }) => network)?.network, now.state));
  return counted;
}

/** The ends of deliveries to a network that the carrier has named: some hundred there are, so a label can bear it. */
export function byNetwork(network: string | null | undefined, state: DeliveryState): Counted[] {
  const isEnd = state === 'delivered' || state === 'undelivered' || state === 'failed';
  return isEnd && /^\d{5,6}$/.test(network ?? '') ? [`network:${network}:${state}`] : [];
}

function isEmpty(log: object): boolean {
  return Object.keys(log).length === 0;
}

function feeOf({ row, was, now, charged }: Moved): Fee {
  const released = row.cost * (Number(isReserved(was)) - Number(isReserved(now)));
  const amount = charged - row.charged;
  return { messageId: row.messageId, amount, released, ...(amount !== 0 && { tries: triesOf(row, now) }) };
}

/** Each outcome that costs something, or gives it back, leaves another log. */
export function triesOf(
  { personId, part }: Omit<DeliveryKey, 'messageId'>,
  now: Pick<DeliveryNow, 'attemptLog'>,
): string {
  return `${personId}.${part}:${writeAttemptLog(now.attemptLog)}`;
}

function keyFields({ messageId, personId, part }: DeliveryKey): DeliveryKey {
  return { messageId, personId, part };
}

function distinct(keys: readonly DeliveryKey[]): DeliveryKey[] {
  return [...new Map(keys.map((key) => [deliveryName(key), keyFields(key)])).values()];
}
