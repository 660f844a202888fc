import {
  type Batch,
  type BatchKey,
  type BatchPayload,
  batchName,
  claimBatches,
  dropUnclaimed,
  readBatchPayloads,
  releaseClaims,
  UNCLAIMED,
} from '../../db/deliveries/batches.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import { isPaced } from '../platform/config.ts';
import { AHEAD_MS } from '../platform/jobs.ts';
import type { Runtime } from '../platform/runtime.ts';
import { holdBeyondCaps } from './campaign-caps.ts';
import { type Claimed, type Free, textsOf } from './claimed-texts.ts';
import { CLAIM_GRACE_MS } from './locked-path.ts';
import type { SendOrder } from './send-order.ts';
import { openSenderLock } from './sender-lock.ts';

/**
 * Claims the batch that a job is about to send: what to send to each person, as it is now, and the mark that makes it
 * ours alone. Who is blocked, gone or muted by now is skipped: people and memberships are looked at for each. Null where
 * somebody else has it or had it; BEHIND while texts of earlier messages of the group are on their way to the same phones,
 * which are to arrive first, and STRANDED while no process has some of those: their job waits for a place.
 */
export type Claims = Batcher<Wanted, Claim | typeof BEHIND | typeof STRANDED | null> & {
  /** Gives back what was not sent, so that it is looked at anew before it is. Where MySQL fails, before its next claim here. */
  release(batch: Batch & { claim: Claim }): Promise<void>;
};
/**
 * `looks`: it is to be said only whether it is BEHIND; `sendAt`: when it is to go out, on performance.now(); `released`: an
 * earlier claim, for which it was counted against its campaign's cap.
 */
type Wanted = Batch & { looks?: true; sendAt: number; released?: Claim | null };
/** `texts`: by person. */
export type Claim = { name: string; texts: ReadonlyMap<number, Claimed> };
export const BEHIND = 'behind';
export const STRANDED = 'stranded';

export function openClaims(runtime: Runtime, order: Here): Claims {
  const { nextClaim } = runtime.use(openSenderLock);
  const doubtful = new Map<string, string>();
  const paced = isPaced(runtime.config);
  const { add: release } = batched<Batch & { claim: Claim }, void>({
    ...{ max: PACED_AT_ONCE, lingerMs: 5, parallel: 1, everyMs: EVERY_MS },
    async flush(batches) {
      const named = batches.map((batch) => ({ ...batch, claim: batch.claim.name }));
      await releaseClaims(runtime.db, named).catch(() => doubt(doubtful, named));
      return batches.map(() => undefined);
    },
  });
  const claims = batched<Wanted, Claim | typeof BEHIND | typeof STRANDED | null>({
    // One that is not paced holds many texts.
    max: paced ? PACED_AT_ONCE : BATCHES_AT_ONCE,
    lingerMs: 2,
    parallel: 1,
    everyMs: paced ? PACED_EVERY_MS : EVERY_MS,
    leastMs: EVERY_MS,
    wantedAt: ({ sendAt }) => sendAt - CLAIM_MS,
    async flush(batches) {
      await giveBack(runtime, doubtful, batches);
      return claimAll(runtime, { batches, order, doubtful, claim: nextClaim() });
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
/**
 * `doubtful`: batches with claims of this process that MySQL did not answer. Where one holds, nobody else can send the
 * batch, and nothing of it was sent from here.
 */
type Claiming = { batches: readonly Wanted[]; order: Here; doubtful: Map<string, string>; claim: string };

async function giveBack(runtime: Runtime, doubtful: Map<string, string>, batches: readonly Wanted[]): Promise<void> {
  const ours = batches.flatMap((batch) => {
    const claim = doubtful.get(batchName(batch));
    return claim === undefined ? [] : [{ ...batch, claim }];
  });
  if (ours.length === 0) return;
  await releaseClaims(runtime.db, ours);
  for (const batch of ours) doubtful.delete(batchName(batch));
}

async function claimAll(runtime: Runtime, { batches, order, doubtful, claim }: Claiming) {
  const dueAt = new Date(Date.now() + runtime.config.CARRIER_TIMEOUT_MS + CLAIM_GRACE_MS);
  const sendBy = performance.now() + SEND_WITHIN_MS;
  const asked = new Map(batches.map((batch) => [batchName(batch), batch]));
  const all = [...asked.values()];
  // Before MySQL is asked: what is committed while it answers is not known here afterwards.
  const sent = order.sent();
  const payloads = await readBatchPayloads(runtime.db, { batches: all, claimGraceMs: CLAIM_GRACE_MS });
  const behind = new Map(
    payloads.map((payload) => [batchName(payload), whyBehind(payload, { sent, isHere: order.isHere })]),
  );
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
  const mine = wanted.length === 0 ? [] : await claimOrDoubt(runtime, { batches: wanted, doubtful, claim, dueAt });
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
  { batches, doubtful, ...as }: { batches: readonly T[]; doubtful: Map<string, string>; claim: string; dueAt: Date },
): Promise<T[]> {
  try {
    return await claimBatches(db, { batches, ...as });
  } catch (error) {
    doubt(
      doubtful,
      batches.filter(({ attempt }) => attempt === 1).map((batch) => ({ ...batch, claim: as.claim })),
    );
    throw error;
  }
}

function doubt(doubtful: Map<string, string>, batches: readonly (BatchKey & { claim: string })[]): void {
  // Those whose jobs do not come back to this process are settled by the sweeper.
  if (doubtful.size > DOUBTFUL_AT_MOST) doubtful.clear();
  for (const batch of batches) doubtful.set(batchName(batch), batch.claim);
}
const DOUBTFUL_AT_MOST = 5_000;

/** Null where nothing goes first. What went from here is no hindrance, though the database does not know it yet. */
function whyBehind(
  { behind }: BatchPayload,
  { sent, isHere }: { sent: ReadonlySet<string>; isHere: SendOrder['isHere'] },
): typeof BEHIND | typeof STRANDED | null {
  if (behind === null) return null;
  const first = behind.split(',').map((one) => ({ name: one.replace(UNCLAIMED, ''), waits: one.endsWith(UNCLAIMED) }));
  const left = first.filter(({ name }) => !sent.has(name));
  if (left.length === 0) return null;
  return left.some(({ name, waits }) => waits && !isHere(name)) ? STRANDED : BEHIND;
}
