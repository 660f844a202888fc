import { row, rows, type Sql } from '../connect.ts';

/** The entries of one kind and day, or one with a note: their count, and their sum in pennies. */
export type StatementLine = { day: string; kind: string; note: string | null; entries: number; amount: number };

/** What an account was charged and paid in a time, and what it had before; in pages, as `readBooks` reads. */
export async function readStatement(
  sql: Sql,
  { accountId, from, until }: { accountId: number; from: Date; until: Date },
  page = PAGE_OF_ACCOUNT,
): Promise<{ opening: number; lines: StatementLine[] }> {
  const lines = new Map<string, StatementLine>();
  let opening = 0;
  for (let after = 0; ; ) {
    const last = await row<{ id: number }>(
      sql,
      'SELECT id FROM ledger WHERE account_id = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?',
      [accountId, after, page - 1],
    );
    const found = await rows<StatementLine & { isBefore: number }>(
      sql,
      `SELECT created_at < ? AS isBefore, DATE_FORMAT(created_at, '%Y-%m-%d') AS day, kind, note, COUNT(*) AS entries, SUM(amount) AS amount
       FROM ledger WHERE account_id = ? AND id > ? AND id <= ? AND created_at < ?
       GROUP BY isBefore, day, kind, note ORDER BY day, MIN(id)`,
      [from, accountId, after, last?.id ?? MAX_ID, until],
    );
    for (const { isBefore, ...line } of found) {
      if (isBefore === 1) opening += line.amount;
      else lines.set(nameOf(line), added(lines.get(nameOf(line)), line));
    }
    if (last === undefined) break;
    after = last.id;
  }
  return { opening, lines: [...lines.values()].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)) };
}
const PAGE_OF_ACCOUNT = 100_000;
const MAX_ID = Number.MAX_SAFE_INTEGER;

function nameOf({ day, kind, note }: StatementLine): string {
  return JSON.stringify([day, kind, note]);
}

function added(before: StatementLine | undefined, line: StatementLine): StatementLine {
  const { entries, amount } = before ?? { entries: 0, amount: 0 };
  return { ...line, entries: line.entries + entries, amount: line.amount + amount };
}

/** One of the operator’s accounts by kind of entry; what the owners got, it gave. */
export type BooksLine = { account: string; kind: string; entries: number; amount: number };

/** All entries of a time, read in pages that each take less than a query may, because no key orders them by time. */
export async function readBooks(sql: Sql, { from, until }: { from: Date; until: Date }): Promise<BooksLine[]> {
  const last = (await row<{ id: number | null }>(sql, 'SELECT MAX(id) AS id FROM ledger'))?.id ?? 0;
  const sums = new Map<string, BooksLine>();
  for (let after = 0; after < last; after += PAGE) {
    const found = await rows<BooksLine>(
      sql,
      `SELECT contra AS account, kind, COUNT(*) AS entries, -SUM(amount) AS amount FROM ledger
       WHERE id > ? AND id <= ? AND created_at >= ? AND created_at < ? GROUP BY contra, kind`,
      [after, after + PAGE, from, until],
    );
    for (const { account, kind, entries, amount } of found) {
      const known = sums.get(kind) ?? { account, kind, entries: 0, amount: 0 };
      sums.set(kind, { account, kind, entries: known.entries + entries, amount: known.amount + amount });
    }
  }
  return [...sums.values()].sort((a, b) => (`${a.account} ${a.kind}` < `${b.account} ${b.kind}` ? -1 : 1));
}

const PAGE = 500_000;

/** What the carriers charged for the deliveries of a time, in hundredths of a penny, those that are deleted too; in pages, as the ledger is read. */
export async function readCarrierCosts(
  sql: Sql,
  { from, until }: { from: Date; until: Date },
): Promise<{ texts: number; hundredths: number }> {
  const last = (await row<{ id: number | null }>(sql, 'SELECT MAX(message_id) AS id FROM deliveries'))?.id ?? 0;
  const sum = { texts: 0, hundredths: 0 };
  for (let after = 0; after < last; after += MESSAGES_A_PAGE) {
    const found = await row<{ texts: number; hundredths: number | null }>(
      sql,
      `SELECT COUNT(*) AS texts, SUM(carrier_cost) AS hundredths FROM deliveries
       WHERE message_id > ? AND message_id <= ? AND created_at >= ? AND created_at < ? AND carrier_cost > 0`,
      [after, after + MESSAGES_A_PAGE, from, until],
    );
    sum.texts += found?.texts ?? 0;
    sum.hundredths += Number(found?.hundredths ?? 0);
  }
  const purged = await row<{ texts: number | null; hundredths: number | null }>(
    sql,
    'SELECT SUM(texts) AS texts, SUM(hundredths) AS hundredths FROM purged_costs WHERE day >= DATE(?) AND day < DATE(?)',
    [from, until],
  );
  sum.texts += Number(purged?.texts ?? 0);
  sum.hundredths += Number(purged?.hundredths ?? 0);
  return sum;
}

/** A message has a hundred deliveries, or a few times as many. */
const MESSAGES_A_PAGE = 5_000;
