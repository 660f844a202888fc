import type { Sql } from '../../../db/connect.ts';
import { readHeartbeat } from '../../../db/heartbeat.ts';
import {
  endDueNews,
  endDueSchedules,
  endOwed,
  findUnderWay,
  insertSeen,
  readLastKnown,
  skipLostIds,
} from '../../../db/restored.ts';
import type { CarrierAccount } from '../../carriers/carrier.ts';
import { cancelMessage } from '../../delivery/cancel.ts';
import type { CarrierName } from '../../rules/carriers.ts';

/** What a restored database did not know, and what of it is not done again. */
export type Restored = {
  /** The newest that it knows of: what happened from then on is lost. Null for an empty database. */
  knownUntil: Date | null;
  /** Messages that were under way then, of members and ours, and how many of their texts are not sent any more. */
  messages: number;
  stopped: number;
  /** Scheduled messages that were to go out in the time that is lost. */
  schedules: number;
  /** Inbound texts that the carriers brought in that time: none of them is taken once more. */
  texts: number;
  /** Carriers whose webhooks bear their time, so that none can be played back. */
  timed: CarrierName[];
};

export type Restoring = {
  accounts: ReadonlyMap<CarrierName, CarrierAccount>;
  /** When `web` had been stopped: what came in later the carrier goes on bringing. */
  stoppedAt: Date;
  now: Date;
  /** Nothing may be done that cannot be taken back. */
  isRehearsal: boolean;
  tell(line: string): void;
};

/**
 * Makes a database that was restored from a backup safe to go on with, while no process runs. Most of what it has as under way
 * went out in the time that it knows nothing of, and nobody can tell what did not: nothing of it is sent. Safe to repeat.
 */
export async function settleRestored(
  sql: Sql,
  { accounts, stoppedAt, now, isRehearsal, tell }: Restoring,
): Promise<Restored> {
  const knownUntil = await readKnownUntil(sql);
  tell(`The database knows of nothing after ${knownUntil?.toISOString() ?? 'its beginning'}.`);
  // First: what comes next writes rows.
  if (!isRehearsal) await skipLostIds(sql);
  const under = await stopUnderWay(sql, now);
  under.stopped += await endOwed(sql);
  const schedules = await endDueSchedules(sql, now);
  await endDueNews(sql, now);
  const seen = { texts: 0, timed: [] as CarrierName[] };
  for (const [carrier, account] of accounts) {
    if (account.listInbound) await noteInbound(sql, account.listInbound, { knownUntil, stoppedAt, seen, tell });
    else seen.timed.push(carrier);
  }
  return { knownUntil, ...under, schedules, texts: seen.texts, timed: seen.timed };
}

/**
 * Rather too early than too late: what is known already is not lost for being listed again. The heartbeat goes by MySQL's clock, the
 * newest rows by those of processes, one of which may have been an hour ahead; after this was done once, the heartbeat is today's.
 */
async function readKnownUntil(sql: Sql): Promise<Date | null> {
  const newest = await readLastKnown(sql);
  const aliveAt = (await readHeartbeat(sql))?.aliveAt ?? null;
  return newest === null || (aliveAt !== null && aliveAt < newest) ? aliveAt : newest;
}

async function stopUnderWay(sql: Sql, now: Date): Promise<Pick<Restored, 'messages' | 'stopped'>> {
  const sum = { messages: 0, stopped: 0 };
  for (let ids = await findUnderWay(sql, { afterId: 0, limit: PAGE }); ids.length > 0; ) {
    for (const messageId of ids) {
      const one = await cancelMessage(sql, { messageId, now, oursToo: true });
      sum.messages += 1;
      sum.stopped += one?.stopped ?? 0;
    }
    ids = await findUnderWay(sql, { afterId: ids.at(-1) ?? 0, limit: PAGE });
  }
  return sum;
}
const PAGE = 500;

/** A text that the carrier brought in the time that is lost was taken then: its webhook played back must not say it again. */
async function noteInbound(
  sql: Sql,
  listInbound: NonNullable<CarrierAccount['listInbound']>,
  { knownUntil, stoppedAt, seen, tell }: Noting,
): Promise<void> {
  const known = knownUntil ?? new Date(0);
  const from = new Date(Math.max(0, known.getTime() - OVERLAP_MS));
  for await (const some of listInbound({ from, until: stoppedAt })) {
    // Not by the time of today: where this dies half-way, the next look begins at the same moment.
    const rows = some.map(({ carrierId, from: phone }) => ({ carrierId, phone, receivedAt: known }));
    seen.texts += await insertSeen(sql, rows);
    if (seen.texts > 0 && seen.texts % TOLD_EVERY < some.length)
      tell(`${seen.texts} texts of members are lost so far.`);
  }
}
type Noting = Pick<Restoring, 'stoppedAt' | 'tell'> & {
  knownUntil: Date | null;
  seen: { texts: number };
};
/** The carrier's clock is not ours. */
const OVERLAP_MS = 60_000;
const TOLD_EVERY = 500;
