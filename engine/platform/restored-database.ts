import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { type Heartbeat, type Period, readHeartbeatsSince, readLastAlive } from '../../db/heartbeat.ts';
import { keys } from './keys.ts';
import type { Runtime } from './runtime.ts';
import { withTimeLimit } from './time-limit.ts';

/** A process must not work on this database before an operator has said what happened. One line for them. */
export class RestoredDatabase extends Error {
  override name = 'RestoredDatabase';
  constructor(why: string) {
    super(
      `MYSQL_URL names a database that was restored from a backup (${why}), and what it has as under way may have gone out: stop all processes and run admin database restored, or admin database moved where nothing is lost (docs/operating/backup.md)`,
    );
  }
}

/** `sign`: why it was restored, or null. `unanswered`: of which a carrier does not say whether it has texts of ours. */
type Found = { sign: string | null; unanswered: Period | null };
/** How long a carrier may take; whether the log has it already that it does not answer. */
type How = { answerMs: number; isSaid?: boolean };
type Needs = Pick<Runtime, 'db' | 'redis' | 'carriers' | 'log'>;

/**
 * A database that no process has worked on for a while was at rest, or is a backup. What happened later than it knows of tells:
 * Redis, where it was not emptied, has a later heartbeat, or a carrier has texts that left our numbers since. Nothing that a
 * dump or a copy of files carries along does, nor a fail-over: a replica knows of all but seconds. Fails while Redis does not
 * answer, which is soon or nothing can be sent anyway; a carrier is not waited for.
 */
export async function lookForSigns(runtime: Needs, { aliveAt, now }: Heartbeat, how: How): Promise<Found> {
  const beaten = Number(await runtime.redis.get(keys.alive));
  if (aliveAt === null) return { sign: await signOfOlder(runtime, beaten), unanswered: null };
  const known = await readLastAlive(runtime.db, aliveAt);
  const told = `it knows of nothing after ${known.toISOString()}`;
  if (beaten - known.getTime() > LOST_MS)
    return { sign: `${told}; by Redis the system ran at ${new Date(beaten).toISOString()}`, unanswered: null };
  const from = new Date(known.getTime() + LOST_MS);
  const { name, isSilent } = await askCarriers(runtime, { from }, how);
  // What other processes send by then is not told from what is lost, by clocks that differ.
  const until = new Date(now.getTime() - LOST_MS);
  return {
    sign: name === null ? null : `${told}; ${name} has texts of ours from after that`,
    unanswered: isSilent && from < until ? { from, until } : null,
  };
}

/** Asks the carriers again. `unanswered` is null where all have answered. */
export async function lookAgain(runtime: Needs, unanswered: Period, how: How): Promise<Found> {
  const { name, isSilent } = await askCarriers(runtime, unanswered, how);
  const { from, until } = unanswered;
  return {
    sign:
      name === null
        ? null
        : `${name} has texts of ours from between ${from.toISOString()} and ${until.toISOString()}, of which it knows nothing`,
    unanswered: isSilent ? unanswered : null,
  };
}

/** A backup from before heartbeats were kept has no time at all; a process that beat before its table could hold that tells. */
async function signOfOlder({ db }: Needs, beaten: number): Promise<string | null> {
  const since = await readHeartbeatsSince(db);
  return beaten > 0 && since !== null && beaten < since.getTime()
    ? `it was older than heartbeats until ${since.toISOString()}; by Redis the system ran at ${new Date(beaten).toISOString()} with them`
    : null;
}

/**
 * What is lost is at least this long. More than a fail-over to a replica loses, than a text that nobody could note any more
 * takes to the carrier, and than the clocks of MySQL and the carrier differ.
 */
export const LOST_MS = 300_000;

/** `name`: of a carrier that has texts of ours from that time, or null. */
async function askCarriers(
  { db, carriers, log }: Needs,
  period: { from: Date; until?: Date },
  { answerMs, isSaid = false }: How,
): Promise<{ name: string | null; isSilent: boolean }> {
  let isSilent = false;
  for (const [carrier, { account }] of carriers.all) {
    if (account.listSent === null) continue;
    try {
      const late = () => Promise.reject(new Error(`no answer within ${answerMs} ms`));
      if (await withTimeLimit(answerMs, hasSent(db, account.listSent(period)), late))
        return { name: carrier, isSilent };
    } catch (err) {
      isSilent = true;
      log[isSaid ? 'debug' : 'error'](
        { err, carrier },
        'the carrier does not say what was sent since the last heartbeat; works without knowing, and asks again',
      );
    }
  }
  return { name: null, isSilent };
}

/** The account may serve other systems too; their numbers are not ours. */
async function hasSent(db: Runtime['db'], texts: Sent): Promise<boolean> {
  let pages = 0;
  for await (const some of texts) {
    if (
      some.length > 0 &&
      (
        await ourNumbersAmong(
          db,
          some.map(({ from }) => from),
        )
      ).size > 0
    )
      return true;
    pages += 1;
    if (pages === PAGES) return false;
  }
  return false;
}
type Sent = AsyncIterable<readonly { from: string }[]>;
/** Of 20 texts. */
const PAGES = 5;
