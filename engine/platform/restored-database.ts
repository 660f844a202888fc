import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { readLastAlive } from '../../db/heartbeat.ts';
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

/**
 * A database that no process has worked on for a while was at rest, or is a backup. What happened later than it knows of tells:
 * Redis, where it was not emptied, has a later heartbeat, or a carrier has texts that left our numbers since. Nothing that a
 * dump or a copy of files carries along does, nor a fail-over: a replica knows of all but seconds. Returns the sign, or null where there is
 * none; a carrier that does not answer gives none.
 */
export async function signOfRestore(
  runtime: Pick<Runtime, 'db' | 'redis' | 'carriers' | 'log'>,
  aliveAt: Date,
): Promise<string | null> {
  const { db, redis, carriers, log } = runtime;
  const known = await readLastAlive(db, aliveAt);
  const told = `it knows of nothing after ${known.toISOString()}`;
  const beaten = Number(await redis.get(keys.alive).catch(() => null));
  if (beaten - known.getTime() > LOST_MS)
    return `${told}; by Redis the system ran at ${new Date(beaten).toISOString()}`;
  const since = new Date(known.getTime() + LOST_MS);
  for (const [name, { account }] of carriers.all) {
    if (account.listSent === null) continue;
    const looked = hasSent(runtime, account.listSent(since)).catch((err: unknown) => {
      log.error(
        { err, carrier: name },
        'the carrier does not say what was sent since the last heartbeat; starts without knowing',
      );
      return false;
    });
    if (await withTimeLimit(ANSWER_MS, looked, () => false))
      return `${told}; ${name} has texts of ours from after that`;
  }
  return null;
}

/**
 * What is lost is at least this long. More than a fail-over to a replica loses, than a text that nobody could note any more
 * takes to the carrier, and than the clocks of MySQL and the carrier differ.
 */
export const LOST_MS = 300_000;
const ANSWER_MS = 10_000;

/** The account may serve other systems too; their numbers are not ours. */
async function hasSent({ db }: Pick<Runtime, 'db'>, texts: Sent): Promise<boolean> {
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
