import {
  type Batch,
  batchName,
  claimBatches,
  deliveriesOf,
  dropUnclaimed,
  readBatchPayloads,
  releaseClaims,
} from '../../db/deliveries/batches.ts';
import { findPartsBefore } from '../../db/deliveries/part-order.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import { isPaced } from '../platform/config.ts';
import { AHEAD_MS } from '../platform/jobs.ts';
import type { Runtime } from '../platform/runtime.ts';
import { holdBeyondCaps } from './campaign-caps.ts';
import { openClaimGrace } from './claim-grace.ts';
import { GONE, type Hindrance, LET_GO, whoGoesFirst } from './claim-order.ts';
import { type Claimed, type Free, textsOf } from './claimed-texts.ts';
import { type DoubtfulClaims, openDoubtfulClaims } from './doubtful-claims.ts';
import { CLAIM_GRACE_MS } from './locked-path.ts';
import { bySendOrder, type Run, type SendOrder } from './send-order.ts';
import { openSenderLock } from './sender-lock.ts';

/**
 * Claims the batch that a job is about to send: what to send to each person, as it is now, and the mark that makes it
 * ours alone. Who is blocked, gone or muted by now is skipped: people and memberships are looked at for each. Null where
 * somebody else has it or had it; BEHIND while texts of earlier messages of the group are on their way to the same phones,
 * which are to arrive first, and STRANDED while no process has some of those: their job waits for a place.
 */
export type Claims = Batcher<Wanted, Answer> & {
  /** Gives back what was not sent, so that it is looked at anew before it is. Where MySQL fails, before its next claim here. */
  release(batch: Batch & { claim: Claim }): Promise<void>;
};
type Answer = Claim | NonNullable<Hindrance> | typeof GONE | null;
/**
 * `looks`: it is to be said only whether it is BEHIND or GONE; `sendAt`: when it is to go out, on performance.now(); `released`: an
 * earlier claim, for which it was counted against its campaign's cap; `run`: whose earlier batches are no hindrance, once they
 * are claimed here.
 */
type Wanted = Batch & { looks?: true; sendAt: number; released?: Claim | null; run?: Run | undefined };
/** `texts`: by person. */
export type Claim = { name: string; texts: ReadonlyMap<number, Claimed> };

export function openClaims(runtime: Runtime, order: Here): Claims {
  const { nextClaim } = runtime.use(openSenderLock);
  const doubtful = openDoubtfulClaims(runtime);
  const grace = openClaimGrace(runtime.db);
  const paced = isPaced(runtime.config);
  const { add: release } = batched<Batch & { claim: Claim }, void>({
    ...{ max: PACED_AT_ONCE, lingerMs: 5, parallel: 1, everyMs: EVERY_MS },
    async flush(batches) {
      const named = batches.map((batch) => ({ ...batch, claim: batch.claim.name }));
      await releaseClaims(runtime.db, named).catch(() => doubtful.add(named));
      return batches.map(() => undefined);
    },
  });
  const claims = batched<Wanted, Answer>({
    // One that is not paced holds many texts.
    max: paced ? PACED_AT_ONCE : BATCHES_AT_ONCE,
    lingerMs: 2,
    parallel: 1,
    everyMs: paced ? PACED_EVERY_MS : EVERY_MS,
    leastMs: EVERY_MS,
    wantedAt: ({ sendAt }) => sendAt - CLAIM_MS,
    async flush(batches) {
      await doubtful.giveBack(batches);
      const askedAt = performance.now();
      const claimGraceMs = grace.now();
      const answers = await claimAll(runtime, { batches, order, doubtful, claim: nextClaim(), claimGraceMs });
      grace.answered(askedAt);
      return answers;
    },
  });
  return { ...claims, release };
}

/** Who is blocked or gone is looked at before a claim; what did not go out so soon after that is looked at again, as another try. */
const SEND_WITHIN_MS = 2_500;

const BATCHES_AT_ONCE = 64;
const PACED_AT_ONCE = 256;
const EVERY_MS = 50;
/** What has a slot comes long enough before it: many are claimed at once, when the first of them must be. */
const PACED_EVERY_MS = AHEAD_MS;
/** How long a claim may take on a busy machine. */
const CLAIM_MS = 150;

type Here = Pick<SendOrder, 'sent' | 'isHere'>;
type Claiming = {
  batches: readonly Wanted[];
  order: Here;
  doubtful: DoubtfulClaims;
  claim: string;
  claimGraceMs: number;
};

async function claimAll(runtime: Runtime, { batches, order, doubtful, claim, claimGraceMs }: Claiming) {
  const dueAt = new Date(Date.now() + runtime.config.CARRIER_TIMEOUT_MS + CLAIM_GRACE_MS);
  const sendBy = performance.now() + SEND_WITHIN_MS;
  // A job and a run may ask for the same at once; who only looks is told what the other is.
  const asked = new Map<string, Wanted>();
  for (const batch of batches) {
    const known = asked.get(batchName(batch));
    if (known === undefined || known.looks) asked.set(batchName(batch), batch);
  }
  const all = [...asked.values()];
  // Before MySQL is asked: what is committed while it answers is not known here afterwards.
  const sent = order.sent();
  const payloads = await readBatchPayloads(runtime.db, { batches: all, claimGraceMs });
  const tries = all.filter(({ part }) => part > 0).flatMap(deliveriesOf);
  const parts = await findPartsBefore(runtime.db, { tries, claimGraceMs });
  const there = new Set(payloads.map(batchName));
  const { behind, reliedOn } = whoGoesFirst(payloads, { asked, parts, sent, isHere: order.isHere });
  const free = payloads.flatMap((payload): (Free & Wanted)[] => {
    const batch = behind.get(batchName(payload)) ? undefined : asked.get(batchName(payload));
    return batch === undefined || batch.looks ? [] : [{ ...payload, ...batch }];
  });
  const texts = await textsOf(runtime, { batches: free, sendBy });
  const moved = free.filter((batch) => batch.attempt > 1 && texts.get(batch)?.length === 0);
  await dropUnclaimed(runtime.db, moved);
  const wanted = free.filter((batch) => !moved.includes(batch));
  const uncounted = wanted.filter(({ released }) => !released);
  const held = await holdBeyondCaps(
    runtime,
    uncounted.flatMap((batch) => texts.get(batch) ?? []),
  );
  // Last, so that nothing can fail between the claim and the sending.
  const claimed = wanted.length === 0 ? [] : await claimOrDoubt(runtime, { batches: wanted, doubtful, claim, dueAt });
  const mine = await keepRuns(runtime, { claimed, reliedOn, behind, doubtful, claim });
  const heldOf = ({ released }: Wanted, text: Claimed) =>
    released ? released.texts.get(text.personId)?.heldUntil : held.get(text);
  const got = new Map(
    mine.map((batch): [string, Claim] => {
      const own = texts.get(batch)?.map((text) => [text.personId, withHold(text, heldOf(batch, text))] as const);
      return [batchName(batch), { name: claim, texts: new Map(own) }];
    }),
  );
  return batches.map((batch) => {
    const first = behind.get(batchName(batch));
    if (first) return first;
    if (batch.looks) return there.has(batchName(batch)) ? null : GONE;
    const found = got.get(batchName(batch)) ?? null;
    // Two jobs may ask for the same batch at once: the second gets nothing.
    got.delete(batchName(batch));
    return found;
  });
}

function withHold(text: Claimed, heldUntil: Date | undefined): Claimed {
  return heldUntil === undefined ? text : { ...text, heldUntil };
}

async function claimOrDoubt<T extends Batch>(
  { db }: Runtime,
  { batches, doubtful, ...as }: { batches: readonly T[]; doubtful: DoubtfulClaims; claim: string; dueAt: Date },
): Promise<T[]> {
  try {
    return await claimBatches(db, { batches, ...as });
  } catch (error) {
    doubtful.add(batches.filter(({ attempt }) => attempt === 1).map((batch) => ({ ...batch, claim: as.claim })));
    throw error;
  }
}

/** Without those of a run that counted on one which somebody else was given meanwhile: they are let go. */
async function keepRuns<T extends Wanted>(
  { db }: Runtime,
  { claimed, reliedOn, behind, doubtful, claim }: Keeping<T>,
): Promise<T[]> {
  const kept = new Set<string>();
  const lost: T[] = [];
  for (const batch of claimed.toSorted(bySendOrder)) {
    const name = batchName(batch);
    if ((reliedOn.get(name) ?? []).every((first) => kept.has(first))) kept.add(name);
    else lost.push(batch);
  }
  if (lost.length > 0) {
    const named = lost.map((batch) => ({ ...batch, claim }));
    await releaseClaims(db, named).catch(() => doubtful.add(named));
  }
  for (const batch of lost) behind.set(batchName(batch), LET_GO);
  const mine = claimed.filter((batch) => kept.has(batchName(batch)));
  for (const batch of mine) batch.run?.claimed.add(batchName(batch));
  return mine;
}
type Keeping<T> = {
  claimed: readonly T[];
  reliedOn: ReadonlyMap<string, readonly string[]>;
  behind: Map<string, Hindrance>;
  doubtful: DoubtfulClaims;
  claim: string;
};
