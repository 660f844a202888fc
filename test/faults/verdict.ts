import { row, rows } from '../../db/connect.ts';
import type { Text } from '../../dev/simulator/log.ts';
import { isPushGivenUp, pushedSince } from './apps.ts';
import { type Fixture, UNKNOWN_WAIT_SECONDS } from './fixture.ts';
import { idIn, type Said } from './load.ts';
import type { Reports } from './reports.ts';

/** What became of the promises, as the carrier and the database tell it. */
export type Verdict = {
  /** Texts that were answered 200, and the deliveries that they promise. */
  accepted: number;
  expected: number;
  lost: number;
  doubled: number;
  /** Doubled, but the first one’s report, or a push’s answer, never got through before the second: allowed. */
  unreported: number;
  /** Sentences on every promise that was not kept. */
  broken: string[];
  /** What the unreported ones looked like. */
  notes: string[];
};

export type Copies = Map<string, Text[]>;

/** Gathers the copies of what the load says, by text and phone; each look reads only what came since the last one. */
export function gatherCopies(fixture: Pick<Fixture, 'simulator' | 'pushes'>): () => Copies {
  const { simulator } = fixture;
  const copies: Copies = new Map();
  let seen = simulator.accepted.at(-1)?.seq ?? 0;
  let pushed = fixture.pushes.taken.length;

  function add(text: Text): void {
    const id = idIn(text.text);
    if (id === null) return;
    const key = keyOf(id, text.to);
    copies.set(
      key,
      [...(copies.get(key) ?? []), text].sort((a, b) => a.at - b.at),
    );
  }

  return () => {
    for (let page = simulator.textsAfter(seen); page.texts.length > 0; page = simulator.textsAfter(seen)) {
      for (const text of page.texts) add(text);
      seen = page.next;
    }
    const count = fixture.pushes.taken.length;
    for (const text of pushedSince(fixture, pushed)) add(text);
    pushed = count;
    return copies;
  };
}

export function keyOf(id: number, phone: string): string {
  return `${id} ${phone}`;
}

export async function judge(
  fixture: Fixture,
  { said, copies, reports }: { said: readonly Said[]; copies: Copies; reports: Reports },
): Promise<Verdict> {
  const accepted = said.filter(({ acceptedAt }) => acceptedAt !== null);
  const missing = accepted.flatMap(({ id, to }) =>
    to.filter((phone) => !copies.has(keyOf(id, phone))).map((phone) => keyOf(id, phone)),
  );
  const twins = twinsOf(said, copies);
  const unreported = twins.filter((some) => isAllowed(some, reports)).map(({ texts }) => texts);
  const doubled = twins.filter((some) => !isAllowed(some, reports)).map(({ texts }) => texts);
  return {
    accepted: accepted.length,
    expected: accepted.reduce((sum, { to }) => sum + to.length, 0),
    lost: missing.length,
    doubled: doubled.length,
    unreported: unreported.length,
    notes: unreported.map((some) => `unreported: ${sayTwins(some, reports)}`),
    broken: [
      ...(missing.length > 0 ? [`lost: ${missing.slice(0, 5).join(', ')}`] : []),
      ...doubled.slice(0, 5).map((some) => `doubled: ${sayTwins(some, reports)}`),
      ...halves(said, copies),
      ...(await unkept(fixture)),
    ],
  };
}

/** What came to somebody more than once, in the order in which it came. */
type Twins = { saidAt: number; texts: Text[] };

function twinsOf(said: readonly Said[], copies: Copies): Twins[] {
  return said
    .flatMap(({ id, to, saidAt }) => to.map((phone) => ({ saidAt, texts: copies.get(keyOf(id, phone)) ?? [] })))
    .filter(({ texts }) => texts.length > 1)
    .map(({ saidAt, texts }) => ({ saidAt, texts: texts.toSorted((a, b) => a.at - b.at) }));
}

/** Sentences on texts that came again after the fault was over and its outcome known. */
export function comeLate(verdicts: readonly Verdict[], copies: Copies): string[] {
  const known = verdicts.reduce((sum, { doubled, unreported }) => sum + doubled + unreported, 0);
  const late = [...copies.values()].filter((some) => some.length > 1).length - known;
  return late > 0 ? [`${late} texts came once more when their fault was long over`] : [];
}

/**
 * Each is a text after a push that was given up, or another try than the one before, after the whole wait, in which no
 * report on that one got through.
 */
function isAllowed({ texts, saidAt }: Twins, reports: Reports): boolean {
  return texts.slice(1).every((later, at) => {
    const before = texts[at];
    if (before === undefined || before.url === later.url) return false;
    if (isPushGivenUp(before, later, saidAt)) return true;
    const heard = reports.takenAt(before.uuid);
    return later.at - before.at >= UNKNOWN_WAIT_SECONDS * 1000 && (heard === undefined || heard >= later.at);
  });
}

function sayTwins(twins: readonly Text[], reports: Reports): string {
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
function halves(said: readonly Said[], copies: Copies): string[] {
  return said
    .filter(({ acceptedAt }) => acceptedAt === null)
    .filter(({ id, to }) => {
      const got = to.filter((phone) => copies.has(keyOf(id, phone))).length;
      return got > 0 && got < to.length;
    })
    .map(({ id }) => `half: text ${id} was not answered, and reached only some`);
}

/** What the database may never show once everything is quiet; each row found is a sentence. */
const promises: readonly { what: string; sql: string }[] = [
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
    sql: `SELECT a.id FROM accounts a LEFT JOIN ledger l ON l.account_id = a.id AND l.kind IN ('segments', 'refund')
      GROUP BY a.id, a.person_id HAVING COALESCE(SUM(l.amount), 0) <> -(SELECT COALESCE(SUM(d.charged), 0) FROM deliveries d
        JOIN messages m ON m.id = d.message_id JOIN \`groups\` g ON g.id = m.group_id
        WHERE g.owner_id = a.person_id AND m.kind = 'said')`,
  },
  {
    what: 'a delivery without outcome',
    sql: `SELECT CONCAT(message_id, '-', person_id, ' ', state, ' ', attempt) AS id FROM deliveries
      WHERE state IN ('queued', 'sending', 'unknown') OR due_at IS NOT NULL`,
  },
  {
    what: 'a delivery of the load that failed',
    sql: `SELECT CONCAT(d.message_id, '-', d.person_id, ' ', d.state, ' ', COALESCE(d.reason, '')) AS id FROM deliveries d
      JOIN messages m ON m.id = d.message_id JOIN \`groups\` g ON g.id = m.group_id
      WHERE g.name LIKE 'Bench %' AND d.state IN ('failed', 'undelivered', 'skipped')`,
  },
  { what: 'a batch that nobody ended', sql: "SELECT CONCAT(message_id, ' ', claim) AS id FROM batches" },
  { what: 'a message that is still pending', sql: 'SELECT id FROM messages WHERE pending IS NOT NULL' },
];

async function unkept({ db }: Fixture): Promise<string[]> {
  const found: string[] = [];
  for (const { what, sql } of promises) {
    const bad = await rows<{ id: number | string }>(db, `${sql} LIMIT 5`);
    if (bad.length > 0) found.push(`${what}: ${bad.map(({ id }) => id).join(', ')}`);
  }
  return found;
}

/** Deliveries and messages of which something is still expected. */
export async function countOpen({ db }: Fixture): Promise<number> {
  const open = await row<{ open: number }>(
    db,
    `SELECT (SELECT COUNT(*) FROM messages WHERE pending IS NOT NULL) +
      (SELECT COUNT(*) FROM deliveries WHERE due_at IS NOT NULL OR state IN ('queued', 'sending', 'unknown')) +
      (SELECT COUNT(*) FROM batches) AS open`,
  );
  return open?.open ?? 0;
}
