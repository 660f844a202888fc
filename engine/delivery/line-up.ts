import { transact } from '../../db/connect.ts';
import { requeueBatches } from '../../db/deliveries/batch-expiry.ts';
import { countWaiting, requeueWaiting, skipGone, type Waits } from '../../db/deliveries/deliveries.ts';
import { endWaiting } from '../../db/deliveries/dissolved.ts';
import { findPending, WAITING } from '../../db/deliveries/pending-messages.ts';
import { countEvents } from '../platform/events.ts';
import { keys } from '../platform/keys.ts';
import { groupByCarrier } from '../platform/known-numbers.ts';
import { mastersOf } from '../platform/redis.ts';
import type { Runtime } from '../platform/runtime.ts';
import { areQueued } from './fair-queue.ts';
import { settleFees } from './fees.ts';
import { GRACE_MS } from './job-plan.ts';
import { enqueueRequests } from './reservations.ts';
import { nextStep } from './step-size.ts';

/**
 * What waits for a slot but stands in no line is put in line again: all of it when Redis started again or came back
 * empty, else some of it a sweep, round and round, so that a deep backlog costs little. What waits is counted row by row,
 * so a step takes as many messages as are counted in a moment, and a sweep goes on where the one before ended. And
 * somebody looks after the lines, in case that who was to come back for them did not. Returns how many were put in line.
 */
export async function lineUpWaiting(runtime: Runtime): Promise<number> {
  const place = runtime.use(openPlace);
  const run = await runOfRedis(runtime);
  const isKnown = await isWholeSince(runtime, run);
  if (!isKnown && place.run !== run) {
    await requeueAll(runtime);
    Object.assign(place, { run, after: 0, looked: 0 });
  }
  const until = performance.now() + (isKnown ? SOME_MS : MORE_MS);
  let lined = 0;
  let looked = 0;
  do {
    const step = await lineUpSome(runtime, place);
    lined += step.lined;
    looked += step.looked;
  } while (place.after > 0 && performance.now() < until);
  if (looked > 0) await runtime.queues.addDispatch(Date.now());
  if (!isKnown) await noteProgress(runtime, { place, run, looked });
  return lined;
}

/** Whether all that waits stands in line, as far as is known: false from when Redis started again or was emptied until it is. */
export async function isWhole(runtime: Runtime): Promise<boolean> {
  const known = runtime.use(openKnownRun);
  if (known.run === null || performance.now() > known.at + ASK_RUN_MS) {
    known.run = await runOfRedis(runtime);
    known.at = performance.now();
  }
  return isWholeSince(runtime, known.run);
}
async function isWholeSince({ redis }: Runtime, run: string): Promise<boolean> {
  return (await redis.get(keys.whole)) === run;
}
const ASK_RUN_MS = 500;
function openKnownRun(): { run: string | null; at: number } {
  return { run: null, at: 0 };
}

/**
 * Where this process is: behind which message, how many it takes at once, and which run of Redis it puts everything in
 * line, `looked` messages by now.
 */
type Place = { after: number; atOnce: number; run: string | null; looked: number };
function openPlace(): Place {
  return { after: 0, atOnce: 1, run: null, looked: 0 };
}

/** System messages and retries stand in line right after their commit. */
const LINE_GRACE_MS = 2_000;
const SOME_MS = 200;
const MORE_MS = 2_000;

async function lineUpSome(runtime: Runtime, place: Place): Promise<{ lined: number; looked: number }> {
  const { after: afterId, atOnce: limit } = place;
  const startedAt = performance.now();
  // One that fails, because it took too long, is made again with far fewer.
  place.atOnce = Math.max(1, Math.floor(limit / 8));
  const before = new Date(Date.now() - LINE_GRACE_MS);
  const ids = await findPending(runtime.db, { pending: WAITING, before, afterId, limit });
  const lined = ids.length === 0 ? 0 : await enqueueLost(runtime, ids);
  place.atOnce = nextStep(limit, performance.now() - startedAt);
  place.after = ids.length < limit ? 0 : (ids.at(-1) ?? 0);
  return { lined, looked: ids.length };
}

async function noteProgress(
  { redis, log }: Runtime,
  { place, run, looked }: { place: Place; run: string; looked: number },
): Promise<void> {
  place.looked += looked;
  const { looked: messages } = place;
  if (place.after > 0)
    return log.info({ messages }, 'Redis is another or was emptied: what waits is put in line again');
  await redis.set(keys.whole, run);
  place.run = null;
  log.info({ messages }, 'all that waits is in line');
}

async function requeueAll({ db }: Runtime): Promise<void> {
  const now = new Date();
  await requeueWaiting(db, now);
  await requeueBatches(db, { now, graceMs: GRACE_MS });
}

/**
 * The name of this run of Redis. One that was emptied has forgotten it; one that started again, or took over from
 * another, has a new one: with its append-only file it may lack the last second. Of a cluster, the runs of its masters. With another
 * TURN_SHARDS what waits stands in other parts, so it is in line nowhere.
 */
async function runOfRedis({ redis, config }: Runtime): Promise<string> {
  // Not every Redis that is rented lets us ask; then only its emptiness shows.
  const said = await Promise.all(mastersOf(redis).map((node) => node.info('server').catch(() => '')));
  const runs = said.flatMap((one) => /^run_id:(\w+)/m.exec(one)?.[1] ?? []);
  const name = runs.length === 0 ? 'nameless' : runs.sort().join(' ');
  return config.TURN_SHARDS === 1 ? name : `${name} in ${config.TURN_SHARDS}`;
}

async function enqueueLost(runtime: Runtime, ids: readonly number[]): Promise<number> {
  const waiting = await countWaiting(runtime.db, ids);
  const gone = new Map(waiting.flatMap(({ messageId, gone }) => (gone === null ? [] : [[messageId, gone]])));
  for (const [messageId, reason] of gone) {
    const skipped = await transact(runtime.db, async (tx) => {
      const { skipped, released } = await skipGone(tx, { messageId, reason });
      await settleFees(tx, [{ messageId, amount: 0, released }], new Date());
      return skipped;
    });
    countEvents(runtime, { skipped });
  }
  const settled = ids.filter((id) => gone.has(id) || !waiting.some(({ messageId }) => messageId === id));
  await endWaiting(runtime.db, settled);
  const lost = await notQueued(
    runtime,
    waiting.filter((one) => one.gone === null),
  );
  if (lost.length > 0) await enqueueRequests(runtime, lost);
  return new Set([...lost.map(({ messageId }) => messageId), ...settled]).size;
}

async function notQueued(runtime: Runtime, waiting: readonly Waits[]): Promise<Waits[]> {
  const lost: Waits[] = [];
  for (const [carrier, requests] of await groupByCarrier(runtime.carrierOf, waiting)) {
    const inLine = await areQueued(runtime, { carrier, requests });
    lost.push(...requests.filter((_, at) => !inLine[at]));
  }
  return lost;
}
