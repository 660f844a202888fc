import { type Tx, transact } from '../../db/connect.ts';
import type { DeliveryKey } from '../../db/deliveries/delivery-keys.ts';
import {
  type DeliveryRow,
  lockDeliveries,
  type Progress,
  writeProgress,
} from '../../db/deliveries/delivery-progress.ts';
import { markWaiting } from '../../db/deliveries/pending-messages.ts';
import { resetUnreachable } from '../../db/deliveries/reachability.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import { countEvents } from '../platform/events.ts';
import type { TryOf } from '../platform/queues.ts';
import type { Runtime } from '../platform/runtime.ts';
import { readFates, writeFates } from '../rules/fates.ts';
import { advance, backoffMs, type DeliveryNow, type DeliveryState, PAUSE_MS, type Step } from '../rules/status.ts';
import { type Fee, settleFees } from './fees.ts';
import type { Heard, Progressing } from './outcome.ts';
import { takeAccepted, takeReported } from './plain-news.ts';

export function openProgress(runtime: Runtime): Progressing {
  const batches: Batcher<Heard, boolean> = batched({
    // One after the other: what comes meanwhile makes the next one larger, and large ones are cheap.
    max: 400,
    lingerMs: 10,
    parallel: 1,
    flush: async (heard) => {
      // Committed by itself: where the others then fail, whoever told it tells it again, and it is no news.
      const noted = await takeReported(runtime.db, heard, new Date());
      const others = heard.filter((one) => !noted.has(one));
      const { retries, changed, states } =
        others.length === 0 ? NOTHING : await transact(runtime.db, (tx) => moveForward(runtime, tx, others));
      countEvents(runtime, countStates([...noted.values(), ...states]));
      for (const { of, atMs } of retries) {
        await runtime.queues
          .addRetry(of, atMs)
          .catch((err) => runtime.log.warn({ err, try: of }, 'a retry was kept but not queued; the sweeper will'));
      }
      return heard.map((one) => noted.has(one) || changed.has(one));
    },
  });
  return { tell: (heard) => batches.add(heard) };
}

/** How long after its time a retry is looked for. */
const RETRY_GRACE_MS = 10_000;
/** A claimed try that nothing was heard of for this long after the carrier's time-out: its worker died. */
export const CLAIM_GRACE_MS = 10_000;

type Retry = { of: TryOf; atMs: number };
type Moved = { row: DeliveryRow; now: DeliveryNow; charged: number; heard: Heard[]; steps: Step[] };

type Forward = { retries: readonly Retry[]; changed: ReadonlySet<Heard>; states: readonly DeliveryState[] };
const NOTHING: Forward = { retries: [], changed: new Set(), states: [] };

async function moveForward(runtime: Runtime, tx: Tx, heard: readonly Heard[]): Promise<Forward> {
  const now = new Date();
  const taken = await takeAccepted(tx, heard, now);
  const others = heard.filter((one) => !taken.has(one));
  const rows = others.length === 0 ? [] : await lockDeliveries(tx, distinct(others.map(({ of }) => of)));
  const moves = new Map(rows.map((row) => [keyOf(row), begin(row)]));
  for (const one of others) {
    const moved = moves.get(keyOf(one.of));
    if (moved !== undefined) hear(moved, one, { maxAttempts: runtime.config.MAX_ATTEMPTS, now: now.getTime() });
  }
  const changed = [...moves.values()].filter(({ steps }) => steps.some((step) => step.changed));
  const retries: Retry[] = [];
  const progress = changed.map((moved) => toProgress(runtime, moved, now, retries));
  if (changed.length > 0) await writeProgress(tx, progress);
  const reached = changed.flatMap(({ row, now: { state } }) =>
    state === 'delivered' && row.membershipId !== null ? [row.membershipId] : [],
  );
  if (reached.length > 0) await resetUnreachable(tx, [...new Set(reached)]);
  const fees = [...taken].map(({ of, fresh }): Fee => ({ messageId: of.messageId, amount: fresh?.cost ?? 0 }));
  await settleFees(tx, [...fees, ...changed.map(feeOf)], now);
  if (retries.length > 0) await markWaiting(tx, [...new Set(retries.map(({ of }) => of.messageId))]);
  return {
    retries,
    changed: new Set([...taken, ...changed.flatMap((moved) => moved.heard)]),
    states: [...Array<DeliveryState>(taken.size).fill('sent'), ...progress.map(({ state }) => state)],
  };
}

function countStates(states: readonly DeliveryState[]): Partial<Record<DeliveryState, number>> {
  const counts: Partial<Record<DeliveryState, number>> = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function begin(row: DeliveryRow): Moved {
  const now = { state: row.state, attempt: row.attempt, pauses: row.pauses, fates: readFates(row.fates) };
  return { row, now, charged: row.charged, heard: [], steps: [] };
}

function hear(moved: Moved, heard: Heard, { maxAttempts, now }: { maxAttempts: number; now: number }): void {
  const step = advance({
    delivery: moved.now,
    news: heard.news,
    maxAttempts,
    ageMs: now - moved.row.createdAt.getTime(),
  });
  moved.steps.push(step);
  if (!step.changed) return;
  moved.now = step.next;
  moved.charged += moved.row.cost * (Number(step.charge) - Number(step.refund));
  moved.heard.push(heard);
}

function toProgress(
  runtime: Runtime,
  { row, now: next, charged, heard, steps }: Moved,
  now: Date,
  retries: Retry[],
): Progress {
  const last = heard.at(-1);
  const again = steps.findLast((step) => step.changed)?.again ?? 'no';
  const timing = { queuedAt: null as Date | null, dueAt: null as Date | null };
  if (next.state === 'queued') {
    const backoff = Math.max(backoffMs(next.attempt - next.pauses, Math.random()), last?.waitMs ?? 0);
    // Whoever waited for a report in vain has backed off for as long already.
    const waited = last?.news.kind === 'given_up' ? runtime.config.UNKNOWN_WAIT_SECONDS * 1000 : 0;
    const atMs = now.getTime() + (again === 'pause' ? PAUSE_MS : Math.max(0, backoff - waited));
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
    fates: writeFates(next.fates),
    charged,
    carrierId: heard.findLast(({ carrierId }) => carrierId)?.carrierId ?? null,
    errorCode: heard.findLast(({ errorCode }) => errorCode)?.errorCode ?? null,
    reason: heard.findLast(({ reason }) => reason)?.reason?.slice(0, 200) ?? null,
    ...timing,
    sentAt: next.state === 'sent' || next.state === 'delivered' ? now : null,
    endedAt: ended ? now : null,
  };
}

function feeOf({ row, charged }: Moved): Fee {
  return { messageId: row.messageId, amount: charged - row.charged };
}

function keyFields({ messageId, personId, part }: DeliveryKey): DeliveryKey {
  return { messageId, personId, part };
}

function keyOf({ messageId, personId, part }: DeliveryKey): string {
  return `${messageId}-${personId}-${part}`;
}

function distinct(keys: readonly DeliveryKey[]): DeliveryKey[] {
  return [...new Map(keys.map((key) => [keyOf(key), keyFields(key)])).values()];
}
