import { randomBytes } from 'node:crypto';
import { type Db, isRefusedForNow, type Tx } from '../../db/connect.ts';
import { type DeliveryKey, nameOf } from '../../db/deliveries/delivery-keys.ts';
import { type PlainReport, writeAccepted, writeReported } from '../../db/deliveries/plain-progress.ts';
import { writeFates } from '../rules/fates.ts';
import { advance, type DeliveryNow, type DeliveryState } from '../rules/status.ts';
import type { Heard } from './outcome.ts';

/*
 * Nearly all news is that the carrier took a first try, right after its claim, or that this arrived. What follows is
 * then the same for every row, so it is written without reading one. A row of which something else was heard meanwhile
 * is left alone; what was written is answered.
 */

/** The carrier took first tries. */
export async function takeAccepted(tx: Tx, heard: readonly Heard[], now: Date): Promise<Set<Heard>> {
  const accepted = heard.flatMap((one) => (isPlain(one) ? [{ ...one.of, carrierId: one.carrierId, heard: one }] : []));
  return new Set((await writeTaken(tx, accepted, now)).map((one) => one.heard));
}

/** The same of tries that need no more said of them; answers those that it wrote. */
export async function writeTaken<T extends DeliveryKey & { carrierId: string }>(
  tx: Tx,
  accepted: readonly T[],
  now: Date,
): Promise<readonly T[]> {
  if (accepted.length === 0) return [];
  const { next } = advance({ delivery: justClaimed, news: taken, maxAttempts: 1, ageMs: 0 });
  return writeAccepted(tx, { accepted, fates: writeFates(next.fates), mark: nextMark(), now });
}

/**
 * First tries were sent on, or have arrived: nothing is paid for that, and nothing else follows. One statement outside a
 * transaction; answers the states that it wrote.
 */
export async function takeReported(db: Db, heard: readonly Heard[], now: Date): Promise<Map<Heard, DeliveryState>> {
  const times = new Map<string, number>();
  for (const { of } of heard) times.set(nameOf(of), (times.get(nameOf(of)) ?? 0) + 1);
  const reports = heard.filter(({ of }) => times.get(nameOf(of)) === 1).flatMap(toPlainReport);
  if (reports.length === 0) return new Map();
  try {
    const written = await writeReported(db, { reports, mark: nextMark(), now });
    return new Map(written.map((one) => [one.heard, one.state]));
  } catch (error) {
    // Somebody else has the rows: then they are taken in a transaction, which tries again.
    if (isRefusedForNow(error)) return new Map();
    throw error;
  }
}

const justClaimed: DeliveryNow = { state: 'sending', attempt: 1, pauses: 0, fates: {} };
const taken = { kind: 'outcome', attempt: 1, verdict: 'accepted' } as const;
const justTaken: DeliveryNow = {
  state: 'sent',
  attempt: 1,
  pauses: 0,
  fates: { 1: { status: 'sent', sequence: null } },
};

type Plain = Heard & { carrierId: string; fresh: { cost: number } };

function isPlain(heard: Heard): heard is Plain {
  const { of, news, fresh, carrierId } = heard;
  const isTaken = news.kind === 'outcome' && news.verdict === 'accepted';
  return isTaken && of.attempt === 1 && fresh !== undefined && carrierId !== undefined;
}

/** Reports that say nothing but that a first try was sent on or has arrived. */
function toPlainReport(heard: Heard): (PlainReport & { heard: Heard })[] {
  const { of, news, carrierId, errorCode, reason } = heard;
  const isBare = (errorCode ?? null) === null && reason === undefined && carrierId !== undefined;
  if (news.kind !== 'report' || of.attempt !== 1 || news.meaning !== null || !isBare) return [];
  const isNumbered = news.sequence !== null;
  if (news.status !== 'delivered' && !(isNumbered && (news.status === 'sent' || news.status === 'queued'))) return [];
  const { next } = advance({ delivery: justTaken, news, maxAttempts: 1, ageMs: 0 });
  if (next.state !== 'sent' && next.state !== 'delivered') return [];
  // An arrival comes after whatever was sent; one that has no number keeps the one before it, which has to be read.
  const before = writeFates(justTaken.fates) + (news.status === 'delivered' && isNumbered ? '%' : '');
  const { messageId, personId, part }: DeliveryKey = of;
  return [{ messageId, personId, part, carrierId, state: next.state, fates: writeFates(next.fates), before, heard }];
}

/** Marks the rows of one write; no other process has the same. */
function nextMark(): string {
  return `${marker}-${++marks}`;
}
const marker = randomBytes(9).toString('base64url');
let marks = 0;
