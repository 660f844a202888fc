import { type Tx, transact } from '../../db/connect.ts';
import { type BatchKey, endBatches } from '../../db/deliveries/batches.ts';
import { markWaiting } from '../../db/deliveries/pending-messages.ts';
import { batched } from '../platform/batch.ts';
import { type Counted, countEvents } from '../platform/events.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type Failed, togetherOrAlone } from '../platform/together.ts';
import { justTaken, writeFastAccepted, writeFastReported } from './fast-path.ts';
import { type Fee, isBookedBefore, settleFees } from './fees.ts';
import { openLastRecipient } from './last-recipient.ts';
import { byNetwork, type Moves, moveForward, triesOf } from './locked-path.ts';
import type { Outcome } from './outcome.ts';
import { squareMessages } from './paid-messages.ts';
import { learnNetworks } from './phone-networks.ts';

/** `ends`: batches whose deliveries all have an outcome with this. */
export type Recording = { outcomes: readonly Outcome[]; ends?: readonly BatchKey[] };

/**
 * The one door by which a delivery moves forward. `record` returns when all is committed: of each outcome, whether it
 * changed anything. Safe to repeat: what was recorded before changes nothing.
 */
export type Outcomes = { record(recording: Recording): Promise<boolean[]> };

/**
 * For `runtime.use`. Many recordings are written in one transaction. Where slots are far apart, nobody waits for the outcomes
 * of sends, so these are gathered for longer; reports are answered when they are committed.
 */
export function openOutcomes(runtime: Runtime): Outcomes {
  const { NUMBER_MPS } = runtime.config;
  const failed = new WeakSet<Recording>();
  const open = (everyMs: number) =>
    batched<Recording, boolean[] | Failed>({
      max: RECORDINGS_AT_ONCE,
      lingerMs: 10,
      // One after the other: what comes meanwhile makes the next one larger, and large ones are cheap.
      parallel: 1,
      everyMs,
      async flush(recordings) {
        const changed: (boolean[] | Failed)[] = [];
        for (const some of inParts(recordings))
          changed.push(...(await togetherOrAlone(some, (together) => commitOnce(runtime, together, failed))));
        return changed;
      },
    });
  const reports = open(0);
  const sends = open(NUMBER_MPS > 0 ? SENDS_EVERY_MS / Math.max(1, NUMBER_MPS) : 0);
  return {
    async record(recording) {
      const recorded = await (recording.ends === undefined ? reports : sends).add(recording);
      if ('error' in recorded) throw recorded.error;
      return recorded;
    },
  };
}

/** With one slot a second; with more, two fifths of what is between two, because the next text may wait for it. */
const SENDS_EVERY_MS = 400;
const RECORDINGS_AT_ONCE = 400;
/** What is written in one transaction: it stays short, whatever has piled up. */
const OUTCOMES_AT_ONCE = 800;

function inParts(recordings: readonly Recording[]): Recording[][] {
  const parts: Recording[][] = [];
  let room = 0;
  for (const recording of recordings) {
    const size = Math.max(1, recording.outcomes.length);
    if (size > room || parts.length === 0) {
      parts.push([]);
      room = OUTCOMES_AT_ONCE;
    }
    parts.at(-1)?.push(recording);
    room -= size;
  }
  return parts;
}

/**
 * What failed before may have been written by half: its money is then what its deliveries say, whatever was booked. `failed` are
 * those; a database on several servers may keep one half of a transaction.
 */
async function commitOnce(
  runtime: Runtime,
  recordings: readonly Recording[],
  failed: WeakSet<Recording>,
): Promise<boolean[][]> {
  const isAgain = recordings.some((one) => failed.has(one));
  try {
    return await commit(runtime, recordings, isAgain);
  } catch (error) {
    for (const one of recordings) failed.add(one);
    if (isAgain || !isBookedBefore(error)) throw error;
    return commit(runtime, recordings, true);
  }
}

async function commit(runtime: Runtime, recordings: readonly Recording[], isAgain: boolean): Promise<boolean[][]> {
  const outcomes = recordings.flatMap((recording) => recording.outcomes);
  const ends = recordings.flatMap((recording) => recording.ends ?? []);
  // Committed by itself: where the others then fail, this is recorded again and changes nothing.
  const reported = await writeFastReported(runtime.db, outcomes, new Date());
  await learnNetworks(runtime, outcomes);
  const others = reported.size === 0 ? outcomes : outcomes.filter((one) => !reported.has(one));
  const { retries, changed, counted, fees } =
    others.length + ends.length === 0
      ? NOTHING
      : await transact(runtime.db, (tx) => write(runtime, tx, { outcomes: others, ends, isAgain }));
  // That a text was sent was counted when the carrier took it.
  const arrived = [...reported].flatMap(([{ network }, state]) =>
    state === 'delivered' ? [state, ...byNetwork(network, state)] : [],
  );
  const pennies = fees.reduce((sum, { amount }) => sum + amount, 0);
  countEvents(runtime, { ...sumOf([...arrived, ...counted]), pennies });
  runtime.use(openLastRecipient).look(ends);
  for (const { of, atMs } of retries) {
    await runtime.queues
      .addRetry(of, atMs)
      .catch((err) => warnRarely(runtime.log, { err, try: of }, 'a retry was kept but not queued; the sweeper will'));
  }
  return recordings.map((recording) => recording.outcomes.map((one) => reported.has(one) || changed.has(one)));
}

const NOTHING: Moves = { retries: [], changed: new Set(), counted: [], fees: [] };

async function write(
  runtime: Runtime,
  tx: Tx,
  { outcomes, ends, isAgain }: { outcomes: readonly Outcome[]; ends: readonly BatchKey[]; isAgain: boolean },
): Promise<Moves> {
  const now = new Date();
  const accepted = await writeFastAccepted(tx, outcomes, now);
  const others = accepted.size === 0 ? outcomes : outcomes.filter((one) => !accepted.has(one));
  const moves = others.length === 0 ? NOTHING : await moveForward(runtime, tx, others, now);
  const fees = [...accepted].map(feeOfAccepted);
  const all = [...fees, ...moves.fees];
  if (isAgain) await settleAgain(runtime, tx, { outcomes, fees: all, now });
  else await settleFees(tx, all, now);
  if (moves.retries.length > 0) await markWaiting(tx, [...new Set(moves.retries.map(({ of }) => of.messageId))]);
  await endBatches(tx, ends);
  return {
    ...moves,
    changed: new Set([...accepted, ...moves.changed]),
    fees: all,
    counted: [...Array<Counted>(accepted.size).fill('sent'), ...moves.counted],
  };
}

/** Whatever was booked of it before, and whatever of it only the deliveries say. */
async function settleAgain(
  runtime: Runtime,
  tx: Tx,
  { outcomes, fees, now }: { outcomes: readonly Outcome[]; fees: readonly Fee[]; now: Date },
): Promise<void> {
  const sums = new Map(outcomes.map(({ of }) => [of.messageId, { amount: 0, released: 0 }]));
  for (const { messageId, amount, released } of fees) {
    const sum = sums.get(messageId) ?? { amount: 0, released: 0 };
    sums.set(messageId, { amount: sum.amount + amount, released: sum.released + released });
  }
  const off = await squareMessages(tx, [...sums.keys()], { fees: sums, now });
  if (off.length > 0) runtime.log.warn({ off }, 'outcomes had been written by half: what was paid is squared');
}

function feeOfAccepted({ of, paid }: Outcome): Fee {
  const { cost = 0, payer } = paid ?? {};
  const tries = triesOf(of, justTaken);
  return { messageId: of.messageId, amount: cost, released: cost, tries, ...(payer !== undefined && { payer }) };
}

function sumOf(counted: readonly Counted[]): Partial<Record<Counted, number>> {
  const counts: Partial<Record<Counted, number>> = {};
  for (const one of counted) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
