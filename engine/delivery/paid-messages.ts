import { book, type Entry, lockFunds, payersOf } from '../../db/billing/accounts.ts';
import { addUpPaid, findPaying } from '../../db/billing/paid-messages.ts';
import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { firstIdSince } from '../../db/first-since.ts';
import { advancePurge, holdPurge } from '../../db/retention.ts';
import type { Runtime } from '../platform/runtime.ts';
import { nextStep } from './step-size.ts';

/** What was booked for a message, in pennies: negative where the account had paid too little, positive where too much. */
export type Squared = { messageId: number; accountId: number; amount: number };

/**
 * Books for each of these messages what its ledger lacks of what its deliveries say was paid, or has too much: so it may be done any
 * number of times. Who writes outcomes holds the account until all of it is committed, deliveries first; with the account
 * locked, both sides are those of one moment, also where they are on two servers. `fees`: what the caller has just written to the
 * deliveries. Of what is off beyond that one half was lost, or done twice, and so what it released of the account as well.
 * Returns what was off.
 */
export async function squareMessages(
  tx: Tx,
  messageIds: readonly number[],
  { fees = new Map(), now }: { fees?: ReadonlyMap<number, Fees>; now: Date },
): Promise<Squared[]> {
  const payers = await payersOf(tx, messageIds);
  await lockFunds(tx, [...new Set([...payers.values()].map(({ accountId }) => accountId))]);
  const entries: Entry[] = [];
  const squared: Squared[] = [];
  const reserved = new Map<number, number>();
  for (const { messageId, accountId, charged, booked } of await addUpPaid(tx, [...payers.keys()])) {
    const amount = booked - charged;
    const fee = fees.get(messageId) ?? NO_FEE;
    const off = amount + fee.amount;
    const kind = amount < 0 ? 'segments' : 'refund';
    const note = off === 0 ? {} : { note: 'as the deliveries say' };
    if (amount !== 0) entries.push({ accountId, messageId, kind, amount, ...note });
    if (off !== 0) squared.push({ messageId, accountId, amount: off });
    if (payers.get(messageId)?.held !== null)
      reserved.set(accountId, (reserved.get(accountId) ?? 0) + off - fee.released);
  }
  await book(tx, entries, { reserved, now });
  return squared;
}

/** Pennies: what the deliveries of a message cost more, and how many need not be reserved any more. */
type Fees = { amount: number; released: number };
const NO_FEE: Fees = { amount: 0, released: 0 };

/**
 * Squares every message twice: soon after it was sent, and when nothing of it can change any more. On one server that books nothing,
 * because deliveries and ledger are written in one transaction; whatever it books is logged as an error. Any number of clocks may
 * run. Returns how many messages were looked at.
 */
export async function squarePaid(runtime: Runtime, passes: readonly Pass[] = PASSES): Promise<number> {
  let looked = 0;
  for (const { what, afterMs } of passes) {
    const now = await readClock(runtime.db);
    const since = (ms: number) => firstIdSince(runtime.db, 'messages', new Date(now.getTime() - ms));
    const range = { what, oldest: await since(OLDEST_MS), end: await since(afterMs), now };
    for (let pieces = 0, isOver = false, atOnce = FEW_MESSAGES; pieces < PIECES_A_TURN && !isOver; pieces++) {
      const startedAt = performance.now();
      const piece = await squarePiece(runtime, range, atOnce);
      looked += piece.looked;
      isOver = piece.isOver;
      atOnce = Math.min(nextStep(atOnce, performance.now() - startedAt), MESSAGES_A_PIECE);
    }
  }
  return looked;
}

/** `what`: its row in `purges`. */
export type Pass = { what: 'paid' | 'paid-late'; afterMs: number };
const HOUR_MS = 3_600_000;
const PASSES: readonly Pass[] = [
  { what: 'paid', afterMs: HOUR_MS / 6 },
  // The last try of a text is made within a day, and reported on within hours.
  { what: 'paid-late', afterMs: 30 * HOUR_MS },
];
/** Younger than any delivery that is deleted: `KEEP_DELIVERIES_DAYS` is a week or more. */
const OLDEST_MS = 6 * 24 * HOUR_MS;
/** One may have ten thousand deliveries, which are added up row by row. */
const FEW_MESSAGES = 4;
const MESSAGES_A_PIECE = 100;
/** Of which some are of nobody who pays. */
const IDS_A_PIECE = 5_000;
const PIECES_A_TURN = 50;

type Range = { what: Pass['what']; oldest: number; end: number; now: Date };

async function squarePiece(
  runtime: Runtime,
  { what, oldest, end, now }: Range,
  atOnce: number,
): Promise<{ looked: number; isOver: boolean }> {
  const { squared, ...piece } = await transact(runtime.db, async (tx) => {
    const uptoId = await holdPurge(tx, what);
    const first = Math.max((uptoId ?? end) + 1, oldest);
    if (uptoId === undefined || first >= end) return { looked: 0, isOver: true, squared: [] };
    const last = Math.min(end, first + IDS_A_PIECE);
    const ids = await findPaying(tx, { first, end: last, limit: atOnce });
    const isAll = ids.length < atOnce;
    await advancePurge(tx, what, isAll ? last - 1 : (ids.at(-1) ?? last - 1));
    const off = (await addUpPaid(tx, ids)).filter(({ charged, booked }) => charged !== booked);
    const messageIds = off.map(({ messageId }) => messageId);
    const squared = off.length === 0 ? [] : await squareMessages(tx, messageIds, { now });
    return { looked: ids.length, isOver: isAll && last === end, squared };
  });
  for (const { messageId: message, accountId: account, amount } of squared)
    runtime.log.error(
      { message, account, amount },
      'what was paid for a message differed from what its deliveries say',
    );
  return piece;
}
