import { readClock } from '../../db/clock.ts';
import { DatabaseUnavailable, transact } from '../../db/connect.ts';
import { requeueBatches } from '../../db/deliveries/batches.ts';
import { countWaiting, requeueWaiting } from '../../db/deliveries/deliveries.ts';
import { findPending, UNWRITTEN, WAITING } from '../../db/deliveries/pending-messages.ts';
import { endGroup } from '../../db/groups/group-changes.ts';
import { findLapsed, lockGroup } from '../../db/groups/groups.ts';
import { keys } from '../platform/keys.ts';
import { groupByCarrier } from '../platform/number-carriers.ts';
import { mastersOf } from '../platform/redis.ts';
import type { Runtime } from '../platform/runtime.ts';
import { reapExpired } from './expired-leases.ts';
import { areQueued } from './fair-queue.ts';
import { enqueueWaiting, GRACE_MS } from './reservations.ts';

/**
 * Finds what should have happened by now, and makes it happen: the net under everything that was committed but not
 * queued, and what rebuilds the queues after Redis lost them. Any number of sweepers may run: each step is safe to
 * repeat. Returns what it found.
 */
export async function sweep(
  runtime: Runtime,
): Promise<{ unwritten: number; waiting: number; overdue: number; lapsed: number }> {
  try {
    return {
      unwritten: await queueUnwritten(runtime),
      waiting: await lineUpWaiting(runtime),
      overdue: Date.now() < runtime.use(openSweepState).outcomesFirstUntil ? 0 : await reapExpired(runtime),
      lapsed: await endLapsed(runtime),
    };
  } catch (error) {
    if (error instanceof DatabaseUnavailable)
      runtime.use(openSweepState).outcomesFirstUntil = Date.now() + OUTCOMES_FIRST_MS;
    throw error;
  }
}

/** Senders that kept outcomes while MySQL was unavailable write them down first: what they know is not overdue. */
const OUTCOMES_FIRST_MS = 3_000;

/** What a sweeper remembers from one sweep to the next: the last message of the page before, and until when it waits. */
function openSweepState(): { lastSeen: number; outcomesFirstUntil: number } {
  return { lastSeen: 0, outcomesFirstUntil: 0 };
}

/** A message is fanned out within milliseconds; one that is still unwritten after this was not queued. */
const FAN_OUT_GRACE_MS = 2_000;
/** System messages and retries stand in line right after their commit. */
const LINE_GRACE_MS = 2_000;
const PAGE = 500;

async function queueUnwritten(runtime: Runtime): Promise<number> {
  const ids = await page(runtime, UNWRITTEN, FAN_OUT_GRACE_MS);
  if (ids.length > 0) await runtime.queues.addFanOut(ids);
  return ids.length;
}

/**
 * What waits for a slot but stands in no line is put in line again: all of it when Redis started again or came back
 * empty, else a page a sweep, round and round, so that a deep backlog costs little. And somebody looks after the lines,
 * in case that who was to come back for them did not.
 */
async function lineUpWaiting(runtime: Runtime): Promise<number> {
  const run = await runOfRedis(runtime);
  const isWhole = (await runtime.redis.get(keys.whole)) === run;
  if (!isWhole) await requeueAll(runtime);
  let lined = 0;
  let after = isWhole ? runtime.use(openSweepState).lastSeen : 0;
  do {
    const ids = await page(runtime, WAITING, LINE_GRACE_MS, after);
    lined += await enqueueLost(runtime, ids);
    if (ids.length > 0) await runtime.queues.addDispatch(Date.now());
    after = ids.length < PAGE ? 0 : (ids.at(-1) ?? 0);
  } while (!isWhole && after > 0);
  runtime.use(openSweepState).lastSeen = after;
  if (!isWhole) await runtime.redis.set(keys.whole, run);
  return lined;
}
async function requeueAll({ db }: Runtime): Promise<void> {
  const now = new Date();
  await requeueWaiting(db, now);
  await requeueBatches(db, { now, graceMs: GRACE_MS });
}

/**
 * The name of this run of Redis. One that was emptied has forgotten it; one that started again, or took over from
 * another, has a new one: with its append-only file it may lack the last second. Of a cluster, the runs of its masters.
 */
async function runOfRedis({ redis }: Runtime): Promise<string> {
  // Not every Redis that is rented lets us ask; then only its emptiness shows.
  const said = await Promise.all(mastersOf(redis).map((node) => node.info('server').catch(() => '')));
  const runs = said.flatMap((one) => /^run_id:(\w+)/m.exec(one)?.[1] ?? []);
  return runs.length === 0 ? 'nameless' : runs.sort().join(' ');
}

async function enqueueLost(runtime: Runtime, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const lost = await notQueued(runtime, ids);
  if (lost.length > 0) await enqueueWaiting(runtime, lost);
  return lost.length;
}

async function notQueued(runtime: Runtime, ids: readonly number[]): Promise<number[]> {
  const waiting = await countWaiting(runtime.db, ids);
  const missing = new Set<number>();
  for (const [carrier, requests] of await groupByCarrier(runtime.carrierOf, waiting)) {
    const inLine = await areQueued(runtime.redis, { carrier, requests });
    for (const [at, { messageId }] of requests.entries()) if (!inLine[at]) missing.add(messageId);
  }
  const settled = ids.filter((id) => !waiting.some(({ messageId }) => messageId === id));
  return [...missing, ...settled];
}

async function endLapsed(runtime: Runtime): Promise<number> {
  const now = await readClock(runtime.db);
  const before = new Date(now.getTime() - runtime.config.STAGED_TTL_HOURS * 3_600_000);
  const groupIds = await findLapsed(runtime.db, before);
  for (const groupId of groupIds) {
    await transact(runtime.db, async (tx) => {
      // Its YES may have come just now.
      const group = await lockGroup(tx, groupId);
      if (group?.state === 'staged') await endGroup(tx, { groupId, now });
    });
  }
  return groupIds.length;
}

function page(runtime: Runtime, pending: number, graceMs: number, afterId = 0): Promise<number[]> {
  return findPending(runtime.db, { pending, before: new Date(Date.now() - graceMs), afterId, limit: PAGE });
}
