import { readContents } from '../../db/deliveries/batch-contents.ts';
import { findExpiredBatches, postponeBatches } from '../../db/deliveries/batch-expiry.ts';
import { type Batch, endBatches } from '../../db/deliveries/batches.ts';
import { findExpired, postpone } from '../../db/deliveries/deliveries.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { TryOf } from '../rules/try-name.ts';
import { GRACE_MS } from './job-plan.ts';
import type { Outcome } from './outcome.ts';
import { openOutcomes } from './outcomes.ts';
import { isAnyPaused } from './pause.ts';
import { textInstead } from './pushes.ts';
import { queueAgain } from './queued-sends.ts';
import { requeue } from './reservations.ts';
import { openStandstill } from './standstill.ts';

/**
 * Settles what nothing was heard of in time: a try whose sender died is unknown, an unknown one is tried again, what lost
 * its job gets another. Time in which MySQL committed nothing does not count. Returns how many deliveries that was.
 */
export async function reapExpired(runtime: Runtime): Promise<number> {
  const stoodMs = runtime.use(openStandstill).within(GRACE_MS);
  if (stoodMs === null) return 0;
  let reaped = 0;
  for (let pages = 0; pages < PAGES_A_SWEEP; pages++) {
    const now = new Date(Date.now() - stoodMs);
    const deliveries = await findExpired(runtime.db, { now, limit: PAGE });
    const batches = await findExpiredBatches(runtime.db, { now, limit: BATCH_PAGE });
    const whole = await readContents(runtime.db, batches);
    // Or dissolved a while ago: then nothing is in it.
    const claimed = whole.filter((batch) => batch.claimed === 1);
    const texts = deliveries.filter(({ via }) => via === 'sms');

    await textInstead(runtime, { keys: deliveries.filter(({ via }) => via === 'push'), claim: null });
    await record(runtime, [
      ...texts.filter(({ state }) => state === 'sending').map(asUnknown),
      ...claimed.flatMap(triesOf).map(asUnknown),
      ...texts.filter(({ state }) => state === 'unknown').map(asGivenUp),
    ]);
    await endBatches(runtime.db, claimed);
    await requeueLost(runtime, {
      tries: texts.filter(({ state }) => state === 'queued'),
      batches: whole.filter(({ claimed, follows }) => claimed === 0 && follows === 0),
    });
    // Those that wait for a lost one would be queued again and again, each time behind what is queued by then.
    const followers = whole.filter(({ claimed, follows }) => claimed === 0 && follows === 1);
    await postponeBatches(runtime.db, followers, new Date(Date.now() + GRACE_MS));
    reaped += deliveries.length + whole.reduce((sum, { to }) => sum + to.length, 0);
    if (deliveries.length < PAGE && batches.length < BATCH_PAGE) break;
  }
  return reaped;
}
const PAGE = 500;
const BATCH_PAGE = 50;
/** Some seconds of work; a queue full of lost jobs. */
const PAGES_A_SWEEP = 40;

function triesOf({ messageId, part, attempt, to }: Batch): TryOf[] {
  return to.map((personId) => ({ messageId, personId, part, attempt }));
}

function asUnknown({ messageId, personId, part, attempt }: TryOf): Outcome {
  const event = { kind: 'outcome', attempt, verdict: 'unknown' } as const;
  return { of: { messageId, personId, part, attempt }, event, reason: 'the sender stopped in mid-send' };
}

function asGivenUp({ messageId, personId, part, attempt }: TryOf): Outcome {
  const event = { kind: 'expired', attempt } as const;
  return { of: { messageId, personId, part, attempt }, event, reason: 'no report came' };
}

async function record(runtime: Runtime, outcomes: readonly Outcome[]): Promise<void> {
  for (let from = 0; from < outcomes.length; from += PAGE)
    await runtime.use(openOutcomes).record({ outcomes: outcomes.slice(from, from + PAGE) });
}

/** Their jobs may well be there: they wait behind many others, or for the carrier to take texts again. */
async function requeueLost(runtime: Runtime, lost: { tries: Expired[]; batches: Batch[] }): Promise<void> {
  if (lost.tries.length + lost.batches.length === 0) return;
  const heldUp = await isHeldUp(runtime);
  const until = new Date(Date.now() + (heldUp ? HELD_UP_MS : GRACE_MS));
  if (heldUp) await postpone(runtime.db, lost.tries, until);
  else {
    await requeue(runtime, { tries: lost.tries });
    await queueAgain(runtime, lost.batches);
  }
  await postponeBatches(runtime.db, lost.batches, until);
}
type Expired = Awaited<ReturnType<typeof findExpired>>[number];

async function isHeldUp(runtime: Runtime): Promise<boolean> {
  const depths = await runtime.queues.depths();
  return depths.some(({ state, jobs }) => state === 'waiting' && jobs > MANY_JOBS) || (await isAnyPaused(runtime));
}
/** Some seconds of work for the senders. */
const MANY_JOBS = 1_000;
const HELD_UP_MS = 20_000;
