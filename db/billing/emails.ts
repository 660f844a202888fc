import { row, rows, run, type Sql } from '../connect.ts';

/** Whom a letter goes to, and what it may speak of. */
export type Reader = {
  balance: number;
  cardBrand: string | null;
  cardLast4: string | null;
  /** The language of the owner; null where none is known. */
  language: string | null;
};

/** The owner of an account; undefined where no address is known. */
export async function findReader(sql: Sql, accountId: number): Promise<Reader | undefined> {
  return row(
    sql,
    `SELECT a.balance, a.card_brand AS cardBrand, a.card_last4 AS cardLast4, p.language
     FROM accounts a JOIN people p ON p.id = a.person_id WHERE a.id = ? AND a.email IS NOT NULL`,
    [accountId],
  );
}

export async function insertEmail(
  sql: Sql,
  { accountId, subject, text, now }: { accountId: number; subject: string; text: string; now: Date },
): Promise<void> {
  await run(sql, 'INSERT INTO emails (account_id, subject, text, due_at, created_at) VALUES (?, ?, ?, ?, ?)', [
    accountId,
    subject,
    text,
    now,
    now,
  ]);
}

export type Email = { id: number; to: string | null; subject: string; text: string; tries: number; createdAt: Date };

/** Letters whose time has come, the oldest first, to the address that is known now. */
export async function findDueEmails(sql: Sql, { now, limit }: { now: Date; limit: number }): Promise<Email[]> {
  return rows(
    sql,
    `SELECT e.id, a.email AS \`to\`, e.subject, e.text, e.tries, e.created_at AS createdAt
     FROM emails e JOIN accounts a ON a.id = e.account_id WHERE e.due_at <= ? ORDER BY e.due_at, e.id LIMIT ?`,
    [now, limit],
  );
}

/** Takes the next try of a letter, which is looked at again then; false where another clock has it. */
export async function takeEmail(
  sql: Sql,
  { id, tries, until }: { id: number; tries: number; until: Date },
): Promise<boolean> {
  const { affected } = await run(sql, 'UPDATE emails SET tries = tries + 1, due_at = ? WHERE id = ? AND tries = ?', [
    until,
    id,
    tries,
  ]);
  return affected === 1;
}

export async function postponeEmail(sql: Sql, { id, until }: { id: number; until: Date }): Promise<void> {
  await run(sql, 'UPDATE emails SET due_at = ? WHERE id = ?', [until, id]);
}

export async function deleteEmail(sql: Sql, id: number): Promise<void> {
  await run(sql, 'DELETE FROM emails WHERE id = ?', [id]);
}
