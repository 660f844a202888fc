import { type Db, openDb } from '../../db/connect.ts';
import type { Fixture } from './fixture.ts';

/** As many as `retention` seeds, where the command line does not say. */
export const OLD_DELIVERIES = 4_000_000;
/** Deliveries of each message. */
export const TO_EACH = 100;

/** `firstId`: of their messages. `bytesARow`: of the table and its keys, as the files are. */
export type Seeded = { firstId: number; rows: number; rowsASecond: number; bytesARow: number };

/**
 * Messages of a hundred deliveries each, evenly over the time from `oldestSeconds` ago to a day ago, in the order of their keys, so
 * that the pages are full as those are that grew by themselves. The server waits for no disk meanwhile.
 */
export async function seedOldDeliveries(
  { db, mysqlUrl }: Pick<Fixture, 'db' | 'mysqlUrl'>,
  { rows, oldestSeconds, onProgress }: { rows: number; oldestSeconds: number; onProgress: (step: string) => void },
): Promise<Seeded> {
  const messages = Math.ceil(rows / TO_EACH);
  const [number] = (await db.raw('SELECT MIN(id) AS id FROM numbers'))[0] as { id: number }[];
  const [last] = (await db.raw('SELECT COALESCE(MAX(id), 0) AS id FROM messages'))[0] as { id: number }[];
  const fromId = Number(last?.id ?? 0) + 1;
  const part: Part = { fromId, messages, numberId: Number(number?.id ?? 0), oldestSeconds };
  const connections = openDb(mysqlUrl, { size: PARALLEL });
  const restore = await hurry(db);
  const start = performance.now();
  let next = 0;
  const work = async () => {
    for (let at = next; at < messages; at = next) {
      next = at + AT_ONCE;
      const rate = Math.round((at * TO_EACH * 1_000) / (performance.now() - start));
      onProgress(`Seeding ${shown(at * TO_EACH)} of ${shown(rows)} old deliveries, ${shown(rate)} a second`);
      await insertSome(connections, { ...part, at, count: Math.min(AT_ONCE, messages - at) });
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
  } finally {
    await restore();
    await connections.destroy();
  }
  const seconds = (performance.now() - start) / 1_000;
  return {
    firstId: fromId,
    rows: messages * TO_EACH,
    rowsASecond: (messages * TO_EACH) / seconds,
    bytesARow: await bytesARow(db),
  };
}

/** Messages a statement: 20,000 rows take less of the undo log than MySQL keeps in memory. */
const AT_ONCE = 200;
/** One inserts while another sorts and commits. */
const PARALLEL = 2;
const DIGITS = Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ');

type Part = { fromId: number; messages: number; numberId: number; oldestSeconds: number };

/** By `raw`, without the product's time limit. */
async function insertSome(
  connections: Db,
  { fromId, messages, numberId, oldestSeconds, at, count }: Part & { at: number; count: number },
): Promise<void> {
  const first = fromId + at;
  const secondsEach = (oldestSeconds - DAY) / messages;
  await connections.transaction(async (tx) => {
    await tx.raw(
      `INSERT INTO messages (id, kind, text, accepted_at)
       SELECT ? + n, 'said', '', NOW(3) - INTERVAL ? SECOND + INTERVAL (n * ?) SECOND
       FROM (SELECT a.n + 10 * b.n + 100 * c.n AS n FROM (${DIGITS}) a, (${DIGITS}) b, (${DIGITS}) c) thousand WHERE n < ? ORDER BY n`,
      [first, oldestSeconds - at * secondsEach, secondsEach, count],
    );
    await tx.raw(
      `INSERT INTO deliveries (message_id, person_id, number_id, state, attempt, attempt_log, carrier_id, carrier_cost, created_at, sent_at, ended_at)
       SELECT m.id, 1 + h.n, ?, 'delivered', 1, '', UUID(), 77, m.accepted_at, m.accepted_at, m.accepted_at
       FROM messages m, (SELECT a.n + 10 * b.n AS n FROM (${DIGITS}) a, (${DIGITS}) b) h
       WHERE m.id >= ? AND m.id < ? ORDER BY m.id, h.n`,
      [numberId, first, first + count],
    );
  });
}
const DAY = 86_400;

/** Lets the bench's own server keep more in memory and wait for no disk, where it may be told so. Returns what takes that back. */
async function hurry(db: Db): Promise<() => Promise<void>> {
  const before = (
    await db.raw('SHOW GLOBAL VARIABLES WHERE Variable_name IN (?)', [HURRIED.map(([name]) => name)])
  )[0] as { Variable_name: string; Value: string }[];
  const set = async (values: Iterable<readonly [name: string, value: number]>) => {
    // A server that is not ours keeps its own.
    for (const [name, value] of values) await db.raw(`SET GLOBAL ${name} = ${value}`).catch(() => undefined);
  };
  await set(HURRIED);
  return () => set(before.map(({ Variable_name: name, Value: value }) => [name, Number(value)] as const));
}
/** MariaDB and MySQL name the size of the redo log differently. */
const HURRIED = [
  ['innodb_flush_log_at_trx_commit', 0],
  ['innodb_buffer_pool_size', 1_073_741_824],
  ['innodb_log_file_size', 1_073_741_824],
  ['innodb_redo_log_capacity', 1_073_741_824],
] as const;

async function bytesARow(db: Db): Promise<number> {
  await db.raw('ANALYZE TABLE deliveries');
  const [found] = (
    await db.raw(
      `SELECT (data_length + index_length) / table_rows AS bytes FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_name = 'deliveries'`,
    )
  )[0] as { bytes: string | number }[];
  return Number(found?.bytes ?? 0);
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
