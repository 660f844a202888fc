import { randomBytes } from 'node:crypto';
import { transact } from '../../db/connect.ts';
import {
  type Batch,
  type BatchPayload,
  batchName,
  claimBatches,
  dropUnclaimed,
  readBatchPayloads,
  releaseClaims,
  UNCLAIMED,
} from '../../db/deliveries/batches.ts';
import { markSkipped, readSendPayloads, type SendPayload } from '../../db/deliveries/claims.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { type Batcher, batched } from '../platform/batch.ts';
import { countEvents } from '../platform/events.ts';
import type { Runtime } from '../platform/runtime.ts';
import { isReserved } from '../rules/status.ts';
import { splitDelivered } from '../rules/text.ts';
import { settleFees } from './fees.ts';
import { CLAIM_GRACE_MS } from './locked-path.ts';
import type { SendOrder } from './send-order.ts';

/** What to send, and until when, on a clock that nobody sets: by then another may have the next try. */
export type Claimed = Pick<SendPayload, 'from' | 'to' | 'text' | 'cost' | 'numberId'> & {
  media: string[];
  isSecret: boolean;
  sendBy: number;
};

/**
 * Claims the batch that a job is about to send: what to send to each person, as it is now, and the mark that makes it
 * ours alone. Who is blocked, gone or muted by now is skipped: people and memberships are looked at for each. Null where
 * somebody else has it or had it; BEHIND while texts of earlier messages of the group are on their way to the same phones,
 * which are to arrive first, and STRANDED while no process has some of those: their job waits for a place.
 */
export type Claims = Batcher<Wanted, ReadonlyMap<number, Claimed> | typeof BEHIND | typeof STRANDED | null>;
/** `looks`: it is to be said only whether it is BEHIND. */
type Wanted = Batch & { looks?: true };
export const BEHIND = 'behind';
export const STRANDED = 'stranded';

export function openClaims(runtime: Runtime, order: Here): Claims {
  // Process ids are no names: in containers, many processes have the same.
  const claimer = randomBytes(9).toString('base64url');
  const doubtful = new Map<string, string>();
  let claims = 0;
  return batched({
    max: BATCHES_AT_ONCE,
    lingerMs: 2,
    async flush(batches) {
      await giveBack(runtime, doubtful, batches);
      return claimAll(runtime, { batches, order, doubtful, claim: `${claimer}-${++claims}` });
    },
  });
}

const BATCHES_AT_ONCE = 64;

type Here = Pick<SendOrder, 'isSent' | 'isHere'>;
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
  const sendBy = performance.now() + CLAIM_GRACE_MS / 2;
  const asked = new Map(batches.map((batch) => [batchName(batch), batch]));
  const all = [...asked.values()];
  // A batch that waits is asked for again and again; its people are looked at when it is to be claimed.
  const named = { batches: all, wanted: all.filter(({ looks }) => !looks) };
  const payloads = await readBatchPayloads(runtime.db, { ...named, claimGraceMs: CLAIM_GRACE_MS });
  const behind = new Map(payloads.map((payload) => [batchName(payload), whyBehind(payload, order)]));
  const free = payloads.flatMap((payload): Free[] => {
    const batch = behind.get(batchName(payload)) ? undefined : asked.get(batchName(payload));
    return batch === undefined || batch.looks ? [] : [{ ...payload, ...batch }];
  });
  const texts = await textsOf(runtime, free);
  const moved = free.filter((batch) => batch.attempt > 1 && texts.get(batch)?.length === 0);
  await dropUnclaimed(runtime.db, moved);
  // Last, so that nothing can fail between the claim and the sending.
  const wanted = free.filter((batch) => !moved.includes(batch));
  const mine = wanted.length === 0 ? [] : await claimOrDoubt(runtime, { batches: wanted, doubtful, claim, dueAt });
  const got = new Map(
    mine.map((batch) => [
      batchName(batch),
      new Map(texts.get(batch)?.map(({ personId, ...text }) => [personId, { ...text, sendBy }])),
    ]),
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

async function claimOrDoubt<T extends Batch>(
  { db }: Runtime,
  { batches, doubtful, ...as }: { batches: readonly T[]; doubtful: Map<string, string>; claim: string; dueAt: Date },
): Promise<T[]> {
  try {
    return await claimBatches(db, { batches, ...as });
  } catch (error) {
    // Those whose jobs do not come back to this process are settled by the sweeper.
    if (doubtful.size > DOUBTFUL_AT_MOST) doubtful.clear();
    for (const batch of batches) if (batch.attempt === 1) doubtful.set(batchName(batch), as.claim);
    throw error;
  }
}
const DOUBTFUL_AT_MOST = 5_000;

/** Null where nothing goes first. What went from here is no hindrance, though the database does not know it yet. */
function whyBehind({ behind }: BatchPayload, order: Here): typeof BEHIND | typeof STRANDED | null {
  if (behind === null) return null;
  const first = behind.split(',').map((one) => ({ name: one.replace(UNCLAIMED, ''), waits: one.endsWith(UNCLAIMED) }));
  const left = first.filter(({ name }) => !order.isSent(name));
  if (left.length === 0) return null;
  return left.some(({ name, waits }) => waits && !order.isHere(name)) ? STRANDED : BEHIND;
}

/** A batch that nobody has claimed, and what is asked of it. */
type Free = BatchPayload & Batch;
type ClaimedText = Omit<Claimed, 'sendBy'> & { personId: number };

/** What is to be sent of each batch: from the roster while that holds, else row by row. */
async function textsOf(runtime: Runtime, batches: readonly Free[]): Promise<ReadonlyMap<Free, ClaimedText[]>> {
  const texts = new Map<Free, ClaimedText[]>();
  const changed = new Map<string, Free>();
  for (const batch of batches) {
    const fromRoster = await readFromRoster(runtime, batch);
    if (fromRoster === null) changed.set(batchName(batch), batch);
    texts.set(batch, fromRoster ?? []);
  }
  for (const one of changed.size === 0 ? [] : await readWanted(runtime, changed)) {
    const batch = changed.get(batchName(one));
    if (batch !== undefined) texts.get(batch)?.push(toText(one));
  }
  return texts;
}

/**
 * Null where the roster cannot say it: somebody left or was blocked meanwhile or is to get nothing, it has no such member,
 * or it is not the first try, which something may have been heard about.
 */
async function readFromRoster(runtime: Runtime, batch: Free): Promise<ClaimedText[] | null> {
  const { groupId, version, tag, unchanged, text, media, cost, numberId } = batch;
  if (batch.attempt > 1 || batch.barred === 1 || unchanged === 0 || groupId === null || (text === '' && media === null))
    return null;
  const members = await runtime.rosters.readByPerson({ groupId, version, tag });
  // What members say holds no PIN of ours.
  const words = { ...wordsOf(batch), isSecret: false };
  const texts: ClaimedText[] = [];
  for (const personId of batch.to) {
    const member = members.get(personId);
    if (member === undefined || member.numberId !== numberId) return null;
    texts.push({ personId, from: member.number, to: member.phone, ...words, cost, numberId });
  }
  return texts;
}

/** Reads what still waits to be sent of these batches, and writes down what is not to be sent any more. */
async function readWanted(runtime: Runtime, batches: ReadonlyMap<string, Free>): Promise<SendPayload[]> {
  const now = new Date();
  const keys = [...batches.values()].flatMap(({ messageId, part, to }) =>
    to.map((personId) => ({ messageId, personId, part })),
  );
  const waiting = (await readSendPayloads(runtime.db, keys)).filter(
    (one) => one.state === 'queued' && one.attempt + 1 === batches.get(batchName(one))?.attempt,
  );
  const skipped = waiting.filter((one) => whySkipped(one) !== null);
  for (const one of skipped) await skip(runtime, one, now);
  return waiting.filter((one) => whySkipped(one) === null);
}

/** What was reserved for it is free again. */
async function skip(runtime: Runtime, payload: SendPayload, now: Date): Promise<void> {
  const { messageId, state, cost } = payload;
  const isSkipped = await transact(runtime.db, async (tx) => {
    if (!(await markSkipped(tx, { key: payload, reason: whySkipped(payload) ?? '', now }))) return false;
    await settleFees(tx, [{ messageId, amount: 0, released: isReserved({ state }) ? cost : 0 }], now);
    return true;
  });
  if (isSkipped) countEvents(runtime, { skipped: 1 });
}

function toText({ personId, from, to, cost, numberId, secret, ...said }: SendPayload): ClaimedText {
  return { personId, from, to, ...wordsOf(said), isSecret: secret === 1, cost, numberId };
}

/** Long texts are rare: nearly always the one part is the text. Media go with the first. */
function wordsOf({
  text,
  media,
  part,
}: Pick<SendPayload, 'text' | 'media' | 'part'>): Pick<ClaimedText, 'text' | 'media'> {
  return { text: splitDelivered(text)[part] ?? '', media: part === 0 ? readMedia(media) : [] };
}

function whySkipped(payload: SendPayload): string | null {
  const { blocked, gone, cancelled, muted, off, suspended, ignoreOptOut, text, media } = payload;
  if (cancelled === 1) return 'cancelled';
  if (blocked === 1 && ignoreOptOut === 0) return 'blocked';
  if (text === '' && media === null) return 'expired';
  if (gone === 1) return 'gone';
  if (off === 1) return 'sms';
  if (muted === 1) return 'muted';
  return suspended === 1 ? 'suspended' : null;
}
