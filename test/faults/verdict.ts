import { row, rows } from '../../db/connect.ts';
import type { Text } from '../../dev/simulator/log.ts';
import { isPushGivenUp } from './apps.ts';
import { type Copies, namesOf } from './copies.ts';
import type { Fixture, Forgotten } from './fixture.ts';
import { GUEST } from './guests.ts';
import type { Said } from './load.ts';
import { findOutOfOrder } from './order.ts';
import { findStrayed } from './reach.ts';
import type { Reports } from './reports.ts';
import { UNKNOWN_WAIT_SECONDS } from './settings.ts';

/** What became of the promises, as the carrier and the database tell it. */
export type Verdict = {
  /** Texts that were answered 200, and the deliveries that they promise. */
  accepted: number;
  expected: number;
  lost: number;
  doubled: number;
  /** Doubled, but the first one’s report, or a push’s answer, never got through before the second: allowed. */
  unreported: number;
  /** Texts that reached a phone which had no part in them. */
  strayed: number;
  /** Sentences on first tries that a later text of the group overtook at a phone. */
  outOfOrder: string[];
  /** All that came more than once, for whatever reason. */
  repeated: number;
  /** Sentences on every promise that was not kept. */
  broken: string[];
  /** What the unreported ones looked like. */
  notes: string[];
};

export async function judge(
  fixture: Fixture,
  { said, copies, reports }: { said: readonly Said[]; copies: Copies; reports: Reports },
): Promise<Verdict> {
  const accepted = said.filter(({ acceptedAt }) => acceptedAt !== null);
  const kept = accepted.filter((one) => !isForgotten(fixture, one));
  const missing = kept.flatMap((one) => namesOf(one, copies)).filter((name) => copies.get(name).length === 0);
  const twins = twinsOf(said, copies).filter(({ texts }) => !isSentAgain(fixture, texts));
  const unreported = twins.filter((some) => isAllowed(some, reports)).map(({ texts }) => texts);
  const doubled = twins.filter((some) => !isAllowed(some, reports)).map(({ texts }) => texts);
  const strayed = findStrayed(fixture, said, copies);
  // What was said in a time that is forgotten may be accepted anew, by anybody who brings it again.
  const late = await findOutOfOrder(
    fixture,
    said.filter((one) => !isForgotten(fixture, one)),
    copies,
  );
  return {
    accepted: accepted.length,
    expected: accepted.reduce((sum, { to, parts }) => sum + to.length * parts, 0),
    lost: missing.length,
    doubled: doubled.length,
    unreported: unreported.length,
    strayed: strayed.length,
    outOfOrder: late,
    repeated: repeatedOf(copies, new Set(said.map(({ id }) => id))),
    notes: unreported.map((some) => `unreported: ${sayTwins(some, reports)}`),
    broken: [
      ...(missing.length > 0 ? [`lost: ${missing.slice(0, 5).map(sayName).join(', ')}`] : []),
      ...doubled.slice(0, 5).map((some) => `doubled: ${sayTwins(some, reports)}`),
      ...strayed.slice(0, 5),
      ...halves(fixture, said, copies),
      ...(await findUnkept(fixture)),
    ],
  };
}

/** Accepted in a time that MySQL has forgotten. */
function isForgotten({ forgotten }: { forgotten: readonly Forgotten[] }, { saidAt, acceptedAt }: Said): boolean {
  return forgotten.some(({ from, until }) => saidAt < until && (acceptedAt ?? until) > from);
}

/** Sent in such a time: MySQL knows of the text, and not that it is gone. */
function isSentAgain({ forgotten }: { forgotten: readonly Forgotten[] }, texts: readonly Text[]): boolean {
  const at = texts[0]?.at ?? 0;
  return forgotten.some(({ from, until, settled }) => !settled && at > from - OUTCOME_WITHIN_MS && at < until);
}
/** From a send to the commit of what became of it. */
const OUTCOME_WITHIN_MS = 3_000;

function sayName({ id, phone, part }: { id: number; phone: string; part: number }): string {
  return part === 1 ? `${id} ${phone}` : `${id} ${phone} (${part})`;
}

/** What came to somebody more than once, in the order in which it came. */
export type Twins = { saidAt: number; texts: readonly Text[] };

function twinsOf(said: readonly Said[], copies: Copies): Twins[] {
  return said
    .flatMap((one) => namesOf(one, copies).map((name) => ({ saidAt: one.saidAt, texts: copies.get(name) })))
    .filter(({ texts }) => texts.length > 1);
}

/** Sentences on texts that came again after the fault was over and its outcome known. */
export function comeLate(verdicts: readonly Verdict[], copies: Copies): string[] {
  const known = verdicts.reduce((sum, { repeated }) => sum + repeated, 0);
  const late = repeatedOf(copies) - known;
  return late > 0 ? [`${late} texts came once more when their fault was long over`] : [];
}

function repeatedOf(copies: Copies, ids?: ReadonlySet<number>): number {
  return [...copies.all()].filter(({ id, texts }) => texts.length > 1 && (ids?.has(id) ?? true)).length;
}

/**
 * Each is a text after a push that was given up, or another try than the one before, after the whole wait, in which no
 * report on that one got through.
 */
export function isAllowed({ texts, saidAt }: Twins, reports: Reports): boolean {
  return texts.slice(1).every((later, at) => {
    const before = texts[at];
    if (before === undefined || before.url === later.url) return false;
    if (isPushGivenUp(before, later, saidAt)) return true;
    const heard = reports.takenAt(before.uuid);
    return (
      later.at - before.at >= UNKNOWN_WAIT_SECONDS * 1000 && (heard === undefined || heard >= later.at - IN_FLIGHT_MS)
    );
  });
}

/** While a try that was claimed is on its way to the carrier, news of the one before it may come. */
const IN_FLIGHT_MS = 500;

export function sayTwins(twins: readonly Text[], reports: Reports): string {
  const said = twins.map(({ uuid, to, at, url }) => {
    const heard = reports.takenAt(uuid);
    const report = heard === undefined ? 'never reported' : `reported at ${clock(heard)}`;
    return `${to} at ${clock(at)} by ${new URL(url).search}, ${report}`;
  });
  return said.join(' and ');
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, -1);
}

/** What was not answered 200 may have been taken all the same; but then for everybody. */
function halves(fixture: Fixture, said: readonly Said[], copies: Copies): string[] {
  return said
    .filter((one) => one.acceptedAt === null && !isForgotten(fixture, one))
    .filter((one) => {
      const names = namesOf(one, copies);
      const got = names.filter((name) => copies.get(name).length > 0).length;
      return got > 0 && got < names.length;
    })
    .map(({ id }) => `half: text ${id} was not answered, and reached only some`);
}

/** What the database may never show once everything is quiet; each row found is a sentence. `needsAll`: where it has all groups. */
const promises: readonly { what: string; sql: string; needsAll?: true }[] = [
  {
    what: 'a group whose message ids have gaps',
    sql: `SELECT g.id FROM \`groups\` g LEFT JOIN messages m ON m.group_id = g.id AND m.message_id IS NOT NULL
      GROUP BY g.id, g.last_message_id HAVING COUNT(m.id) <> g.last_message_id OR COALESCE(MAX(m.message_id), 0) <> g.last_message_id`,
  },
  {
    what: 'an account whose balance is not its ledger',
    sql: `SELECT a.id FROM accounts a LEFT JOIN ledger l ON l.account_id = a.id
      GROUP BY a.id, a.balance HAVING a.balance <> COALESCE(SUM(l.amount), 0)`,
  },
  {
    what: 'an account that paid other than its deliveries cost',
    needsAll: true,
    sql: `SELECT a.id FROM accounts a LEFT JOIN ledger l ON l.account_id = a.id AND l.kind IN ('segments', 'refund')
      GROUP BY a.id, a.person_id HAVING COALESCE(SUM(l.amount), 0) <> -(SELECT COALESCE(SUM(d.charged), 0) FROM deliveries d
        JOIN messages m ON m.id = d.message_id JOIN \`groups\` g ON g.id = m.group_id
        WHERE g.owner_id = a.person_id AND m.kind = 'said')`,
  },
  {
    what: 'a message that was paid for otherwise than its deliveries cost',
    sql: `SELECT CONCAT(m.id, ': ', COALESCE(l.paid, 0), ' of ', COALESCE(d.cost, 0)) AS id FROM messages m
      LEFT JOIN (SELECT message_id, -SUM(amount) AS paid FROM ledger WHERE kind IN ('segments', 'refund') GROUP BY message_id) l ON l.message_id = m.id
      LEFT JOIN (SELECT message_id, SUM(charged) AS cost FROM deliveries GROUP BY message_id) d ON d.message_id = m.id
      WHERE m.kind = 'said' AND COALESCE(l.paid, 0) <> COALESCE(d.cost, 0)`,
  },
  {
    what: 'a delivery without outcome',
    sql: `SELECT CONCAT(message_id, '-', person_id, ' ', state, ' ', attempt) AS id FROM deliveries
      WHERE (state IN ('queued', 'sending', 'unknown') OR due_at IS NOT NULL)
      AND message_id NOT IN (SELECT id FROM messages WHERE pending = 3)`,
  },
  {
    what: 'a delivery of the load that failed',
    sql: `SELECT CONCAT(d.message_id, '-', d.person_id, ' ', d.state, ' ', COALESCE(d.reason, '')) AS id FROM deliveries d
      JOIN messages m ON m.id = d.message_id JOIN \`groups\` g ON g.id = m.group_id
      WHERE g.name LIKE 'Bench %' AND (d.state IN ('failed', 'undelivered') OR (d.state = 'skipped' AND d.reason <> 'cancelled'))
      AND d.person_id NOT IN (SELECT person_id FROM memberships WHERE name = '${GUEST}')`,
  },
  { what: 'a batch that nobody ended', sql: "SELECT CONCAT(message_id, ' ', claim) AS id FROM batches" },
  { what: 'a message that is still pending', sql: 'SELECT id FROM messages WHERE pending IN (1, 2)' },
];

/** Sentences on what a database shows that it should never show. */
export async function findUnkept({ db }: Pick<Fixture, 'db'>, { isSplit = false } = {}): Promise<string[]> {
  const found: string[] = [];
  for (const { what, sql } of promises.filter(({ needsAll }) => !(needsAll && isSplit))) {
    const bad = await rows<{ id: number | string }>(db, `${sql} LIMIT 5`);
    if (bad.length > 0) found.push(`${what}: ${bad.map(({ id }) => id).join(', ')}`);
  }
  return found;
}

/** Deliveries and messages that something is still expected of; what waits for a budget (3) may wait for a day. */
export async function countOpen({ db }: Pick<Fixture, 'db'>): Promise<number> {
  const open = await row<{ open: number }>(
    db,
    `SELECT (SELECT COUNT(*) FROM messages WHERE pending IN (1, 2)) +
      (SELECT COUNT(*) FROM deliveries d JOIN messages m ON m.id = d.message_id AND (m.pending IS NULL OR m.pending <> 3)
       WHERE d.due_at IS NOT NULL OR d.state IN ('queued', 'sending', 'unknown')) +
      (SELECT COUNT(*) FROM batches) AS open`,
  );
  return open?.open ?? 0;
}
