import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, row, rows, transact } from '../../db/connect.ts';
import { oldestUnclaimed, oldestUnwritten, oldestWaiting } from '../../db/deliveries/sendable.ts';
import { showSteps } from '../../dev/progress.mjs';
import { openStack } from '../../dev/stack/stack.ts';
import { startGroup } from '../support/group.ts';
import { type Asked, statementsDuring } from '../support/statements.ts';
import { openWorld, type World } from '../support/world.ts';
import { makeGroups } from './crowd.ts';
import { makePublicGroups } from './seed-data.ts';

/**
 * `npm run bench:plans [-- mysql] [quick]`: with a million deliveries and a million public groups (quick: 100,000) in the
 * database, what the server means to read for each statement of a text's way, of the lists and of the clock. Fails where
 * one reads or sorts much more than it needs.
 */
const GROUPS = 100;
const MEMBERS = 100;
const MESSAGES = 100;
const PUBLIC_GROUPS = process.argv.includes('quick') ? 100_000 : 1_000_000;
/** Read or sorted without an index: more than this grows with the service. */
const MANY = 2_000;
/** Those are read, put aside, and read again. */
const MANY_READS = 4 * MANY;
/** A full-text index finds a word's groups without reading others; so many are sorted in a fifth of a second. */
const MANY_MATCHES = PUBLIC_GROUPS / 20;
/** So long the clock's rounds are watched. */
const WATCH_MS = 8_000;

type Step = {
  table: string | null;
  type: string | null;
  key: string | null;
  rows: number | null;
  Extra: string | null;
};

const steps = showSteps();
const kind = process.argv.includes('mysql') ? 'mysql' : 'mariadb';
const stack = await openStack({ database: kind, onProgress: steps.begin });
try {
  process.env.TEST_MYSQL_URL = stack.mysqlUrl;
  process.env.TEST_REDIS_URL = stack.redisUrl;
  steps.begin('Filling the database');
  const world = await openWorld();
  const words = await fill(world);
  steps.begin('Texting, listing, and what the clock does');
  const asked = await statementsDuring(() => use(world, words));
  steps.end();
  const wrong = await explainAll(world, asked);
  process.exitCode = wrong === 0 ? 0 : 1;
  await world.close();
} finally {
  await stack.close();
}

/** By `raw`, without the product's time limit. */
async function fill({ runtime: { db } }: World): Promise<SearchWords> {
  const groups = await makeGroups(db, { groups: GROUPS, members: MEMBERS });
  const words = await makePublicGroups(db, PUBLIC_GROUPS);
  const numbers = Array.from({ length: MESSAGES }, (_, at) => `SELECT ${at + 1} AS n`).join(' UNION ALL ');
  for (const { id } of groups) {
    await db.raw(
      `INSERT INTO messages (kind, group_id, message_id, sender_id, roster_version, text, accepted_at)
       SELECT 'said', g.id, n.n, MIN(m.id), 1, CONCAT('Text ', n.n), NOW(3) - INTERVAL 1 DAY
       FROM \`groups\` g JOIN memberships m ON m.group_id = g.id JOIN (${numbers}) n WHERE g.id = ? GROUP BY g.id, n.n`,
      [id],
    );
    await db.raw('UPDATE `groups` SET last_message_id = ? WHERE id = ?', [MESSAGES, id]);
    await db.raw(
      `INSERT INTO deliveries (message_id, person_id, number_id, membership_id, state, attempt, created_at, sent_at, ended_at)
       SELECT t.id, m.person_id, m.number_id, m.id, 'delivered', 1, t.accepted_at, t.accepted_at, t.accepted_at
       FROM messages t JOIN memberships m ON m.group_id = t.group_id WHERE t.group_id = ?`,
      [id],
    );
    await db.raw(
      `INSERT INTO inbound_texts (carrier_id, phone, text_hash, received_at)
       SELECT CONCAT('seed-', t.id), p.phone, 'abcdefgh', t.accepted_at FROM messages t
       JOIN memberships m ON m.id = t.sender_id JOIN people p ON p.id = m.person_id WHERE t.group_id = ?`,
      [id],
    );
    await db.raw(
      `INSERT INTO ledger (account_id, kind, amount, message_id, created_at)
       SELECT a.id, 'segments', 0, t.id, t.accepted_at FROM messages t JOIN \`groups\` g ON g.id = t.group_id
       JOIN accounts a ON a.person_id = g.owner_id WHERE t.group_id = ?`,
      [id],
    );
  }
  await db.raw(
    'ANALYZE TABLE people, memberships, `groups`, public_groups, messages, deliveries, inbound_texts, ledger',
  );
  return words;
}
type SearchWords = Awaited<ReturnType<typeof makePublicGroups>>;

async function use(world: World, { rare, middling, common }: SearchWords): Promise<void> {
  const { number, phones } = await startGroup(world, ['Ann', 'Bob', 'Cid']);
  const sid = await world.logIn(phones.Ann ?? '');
  for (const text of ['Hello', '*who', 'Hello again', '*count', '*balance', '*invite'])
    await world.text(phones.Ann ?? '', number, text);
  const call = (path: string, params: Record<string, unknown>) => world.call(path, { sid, number, ...params });
  await call('/message/send', { text: 'By call' });
  await call('/message/get', {});
  await call('/message/get', { message_from: 1, message_to: 2 });
  await call('/message/count', {});
  await call('/member/groups', {});
  await call('/message/schedule', { text: 'Later', when: String(Math.floor(Date.now() / 1000) + 3600) });
  await world.call('/group/list', { newest: 1 });
  // All groups have "club".
  for (const search of [
    rare,
    middling,
    common,
    common.slice(0, 3),
    'club',
    `club ${rare}`,
    `${middling} ${common} ${rare}`,
  ]) {
    const { http } = await world.call('/group/list', { search, number: phones.Ann ?? '' });
    if (http !== 200) throw new Error(`a search for "${search}" was answered with ${http}`);
  }
  for (const oldest of [oldestUnwritten, oldestUnclaimed, oldestWaiting]) await oldest(world.runtime.db);
  await world.quiet();
  await sleep(WATCH_MS);
}

/** Shows each plan that reads or sorts much; returns how many there are. */
async function explainAll({ runtime: { db } }: World, asked: readonly Asked[]): Promise<number> {
  const { version } = (await row<{ version: string }>(db, 'SELECT VERSION() AS version')) ?? { version: '' };
  const [{ deliveries } = { deliveries: 0 }] = await rows<{ deliveries: number }>(
    db,
    'SELECT COUNT(*) AS deliveries FROM deliveries',
  );
  // Each search is another one.
  const byShape = new Map(
    asked.map((one) => [searchedFor(one) ?? one.text.replace(/(\([?, ]+\)(, )?)+/g, '(…)'), one]),
  );
  const explained = [...byShape.values()].filter(({ text }) =>
    /^\s*(SELECT|UPDATE|DELETE|INSERT[^;]*\sSELECT)\s/.test(text),
  );
  let wrong = 0;
  for (const one of explained) {
    const { text, values } = one;
    const plan = await rows<Step>(db, `EXPLAIN ${text}`, values);
    // A plan counts the whole index where a LIMIT ends the reading.
    const isBad = plan.some(readsMuch) && (await countReads(db, one)) > MANY_READS;
    if (!isBad && (await countMatches(db, one)) <= MANY_MATCHES) continue;
    wrong += 1;
    process.stdout.write(`\n${text.replace(/\s+/g, ' ').trim()}\n`);
    for (const { table, type, key, rows: read, Extra } of plan)
      process.stdout.write(`    ${[table, type, key, read, Extra].map((part) => part ?? '-').join(' | ')}\n`);
  }
  process.stdout.write(
    `${version}: ${explained.length} statements over ${deliveries} deliveries, ${wrong} read or sort more than ${MANY} rows\n`,
  );
  return wrong;
}

function readsMuch({ type, rows: read, Extra }: Step): boolean {
  const isScan = type === 'ALL' || type === 'index';
  return (read ?? 0) > MANY && (isScan || (Extra ?? '').includes('filesort'));
}

/** How many rows the server reads when it does it: of tables, of indexes and of what it puts aside meanwhile. */
async function countReads(db: Db, { text, values }: Asked): Promise<number> {
  if (!/^\s*SELECT\s/.test(text)) return Number.POSITIVE_INFINITY;
  return transact(db, async (tx) => {
    const soFar = async () => {
      const counts = await rows<{ Value: string }>(tx, "SHOW SESSION STATUS LIKE 'Handler_read%'");
      return counts.reduce((sum, { Value }) => sum + Number(Value), 0);
    };
    const before = await soFar();
    await rows(tx, text, values);
    return (await soFar()) - before;
  });
}

/** What a full-text index is asked for. */
function searchedFor({ text, values }: Asked): string | undefined {
  if (!text.includes('MATCH')) return undefined;
  return values.map(String).find((value) => /^\+?a_.*\*$/.test(value));
}

/** The plan does not tell how many a full-text index will find. */
async function countMatches(db: Db, asked: Asked): Promise<number> {
  const search = searchedFor(asked);
  if (search === undefined) return 0;
  const counted = await row<{ matches: number }>(
    db,
    'SELECT COUNT(*) AS matches FROM public_groups WHERE MATCH (words) AGAINST (? IN BOOLEAN MODE)',
    [search],
  );
  return counted?.matches ?? 0;
}
