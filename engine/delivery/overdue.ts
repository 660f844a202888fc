import {
  type BatchKey,
  batchName,
  endBatches,
  findOverdueBatches,
  postponeBatches,
  readUnsettled,
} from '../../db/deliveries/batches.ts';
import { findOverdue, postpone } from '../../db/deliveries/deliveries.ts';
import type { TryOf } from '../platform/queues.ts';
import type { Runtime } from '../platform/runtime.ts';
import { isAnyPaused } from './pause.ts';
import { textInstead } from './pushes.ts';
import { openOutcomes } from './report.ts';
import { renewBatches, retry } from './slots.ts';

/** Deliveries without news: a try whose worker died is unknown, an unknown one is tried again, a lost job is queued. */
export async function settleOverdue(runtime: Runtime): Promise<number> {
  let settled = 0;
  for (let pages = 0; pages < PAGES_A_SWEEP; pages++) {
    const overdue = await findOverdue(runtime.db, { now: new Date(), limit: PAGE });
    await settlePage(runtime, overdue);
    const batches = await findOverdueBatches(runtime.db, { now: new Date(), limit: BATCH_PAGE });
    settled += overdue.length + (await settleBatches(runtime, batches));
    if (overdue.length < PAGE && batches.length < BATCH_PAGE) break;
  }
  return settled;
}
const PAGE = 500;
const BATCH_PAGE = 50;
/** Some seconds of work; a queue full of lost jobs. */
const PAGES_A_SWEEP = 40;

async function settlePage(runtime: Runtime, overdue: readonly Overdue[]): Promise<void> {
  const progress = runtime.use(openOutcomes);
  const texts = overdue.filter(({ via }) => via === 'sms');
  const lost = texts.filter(({ state }) => state === 'queued');
  await textInstead(runtime, { keys: overdue.filter(({ via }) => via === 'push'), claim: null });
  await Promise.all(
    texts.map(async ({ state, via: _, ...of }) => {
      if (state === 'sending') await tellUnknown(runtime, of);
      if (state === 'unknown')
        await progress.tell({ of, news: { kind: 'given_up', attempt: of.attempt }, reason: 'no report came' });
    }),
  );
  if (lost.length === 0) return;
  if (await isHeldUp(runtime)) await postpone(runtime.db, lost, new Date(Date.now() + HELD_UP_MS));
  else await retry(runtime, lost);
}

async function tellUnknown(runtime: Runtime, of: TryOf): Promise<void> {
  const news = { kind: 'outcome', attempt: of.attempt, verdict: 'unknown' } as const;
  await runtime.use(openOutcomes).tell({ of, news, reason: 'the sender stopped in mid-send' });
}

/** The same of batches, the deliveries of which are at their first try. Answers how many deliveries it was. */
async function settleBatches(runtime: Runtime, overdue: readonly (BatchKey & { claimed: number })[]): Promise<number> {
  if (overdue.length === 0) return 0;
  const claimed = overdue.filter((batch) => batch.claimed === 1);
  const lost = overdue.filter((batch) => batch.claimed === 0);
  const open = await readUnsettled(runtime.db, overdue);
  const dead = new Set(claimed.map(batchName));
  const unknown = open.filter((one) => dead.has(batchName(one)));
  await Promise.all(unknown.map(({ batch: _, ...key }) => tellUnknown(runtime, { ...key, attempt: 1 })));
  await endBatches(runtime.db, claimed);
  if (lost.length === 0) return open.length;
  if (await isHeldUp(runtime)) await postponeBatches(runtime.db, lost, new Date(Date.now() + HELD_UP_MS));
  else await renewBatches(runtime, lost);
  return open.length;
}

/** Their jobs may well be there: they wait behind many others, or for the carrier to take texts again. */
async function isHeldUp(runtime: Runtime): Promise<boolean> {
  const depths = await runtime.queues.depths();
  return depths.some(({ state, jobs }) => state === 'waiting' && jobs > MANY_JOBS) || (await isAnyPaused(runtime));
}
/** Some seconds of work for the senders. */
const MANY_JOBS = 1_000;
const HELD_UP_MS = 20_000;
type Overdue = Awaited<ReturnType<typeof findOverdue>>[number];
