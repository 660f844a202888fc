import type { AccountType, EntryKind } from '../../engine/rules/money.ts';
import { placeholders, row, rows, run, type Sql } from '../connect.ts';

export type AccountRow = { id: number; type: AccountType; balance: number };
/** With the pennies that accepted messages may yet cost. */
export type Funds = AccountRow & { reserved: number };

export async function findAccount(sql: Sql, personId: number): Promise<AccountRow | undefined> {
  return row(sql, 'SELECT id, type, balance FROM accounts WHERE person_id = ?', [personId]);
}

/** An account with what the payment provider knows of it. */
export type PayingAccount = AccountRow & {
  customerRef: string | null;
  cardRef: string | null;
  /** YYYY-MM. */
  cardExpires: string | null;
};

const payingColumns =
  'id, type, balance, customer_ref AS customerRef, card_ref AS cardRef, card_expires AS cardExpires';

export async function findPayingAccount(sql: Sql, personId: number): Promise<PayingAccount | undefined> {
  return row(sql, `SELECT ${payingColumns} FROM accounts WHERE person_id = ?`, [personId]);
}

/** As `findPayingAccount`, and locked until the transaction ends. */
export async function lockAccount(sql: Sql, personId: number): Promise<PayingAccount | undefined> {
  return row(sql, `SELECT ${payingColumns} FROM accounts WHERE person_id = ? FOR UPDATE`, [personId]);
}

/** Locks an account until the transaction ends: every start and end of its charges takes this lock first. */
export async function holdAccount(sql: Sql, accountId: number): Promise<void> {
  await row(sql, 'SELECT id FROM accounts WHERE id = ? FOR UPDATE', [accountId]);
}

/** Sets the address; returns the e-mail that it was before. */
export async function setContact(
  sql: Sql,
  { accountId, email, zip }: { accountId: number; email: string; zip: string },
): Promise<string | null> {
  const before = await row<{ email: string | null }>(sql, 'SELECT email FROM accounts WHERE id = ? FOR UPDATE', [
    accountId,
  ]);
  await run(sql, 'UPDATE accounts SET email = ?, zip = ? WHERE id = ?', [email, zip, accountId]);
  return before?.email ?? null;
}

/** The card that pays from now on: what the provider calls it, and what people may see of it. */
export async function setCard(
  sql: Sql,
  {
    accountId,
    ...card
  }: { accountId: number; customerRef: string; cardRef: string; brand: string; last4: string; expires: string },
): Promise<void> {
  await run(
    sql,
    'UPDATE accounts SET customer_ref = ?, card_ref = ?, card_brand = ?, card_last4 = ?, card_expires = ? WHERE id = ?',
    [card.customerRef, card.cardRef, card.brand, card.last4, card.expires, accountId],
  );
}

/** Somebody has paid. */
export async function markPaid(sql: Sql, accountId: number): Promise<void> {
  await run(sql, "UPDATE accounts SET type = 'P' WHERE id = ?", [accountId]);
}

/** The accounts of several people, by person. */
export async function accountsOf(sql: Sql, personIds: readonly number[]): Promise<Map<number, Funds>> {
  if (personIds.length === 0) return new Map();
  const found = await rows<Funds & { personId: number }>(
    sql,
    'SELECT person_id AS personId, id, type, balance, reserved FROM accounts WHERE person_id IN (?)',
    [personIds],
  );
  return new Map(found.map(({ personId, ...account }) => [personId, account]));
}

/** Opens a trial account with its first pennies; false where there is one already. */
export async function openAccount(
  sql: Sql,
  { personId, trial, email, now }: { personId: number; trial: number; email: string | null; now: Date },
): Promise<boolean> {
  const { affected, id } = await run(
    sql,
    "INSERT IGNORE INTO accounts (person_id, type, balance, email, created_at) VALUES (?, 'T', 0, ?, ?)",
    [personId, email, now],
  );
  if (affected === 0) return false;
  await topUp(sql, { accountId: id, kind: 'trial', amount: trial, messageId: null }, now);
  return true;
}

/** In pennies, towards the owner; the operator’s account on the other side follows from the kind. */
export type Entry = {
  accountId: number;
  kind: EntryKind;
  amount: number;
  messageId: number | null;
  /** An account has at most one entry of a key: a second one fails with a duplicate error. */
  key?: string;
  /** Why, in an operator’s words. */
  note?: string;
};

/** Books money that comes in. From then on the owner is told once when less than a fifth of the balance is left. */
export async function topUp(sql: Sql, entry: Entry, now: Date): Promise<void> {
  await book(sql, [entry], { now });
  await run(sql, 'UPDATE accounts SET low_at = CEIL(balance / 5) WHERE id = ? AND balance > 0', [entry.accountId]);
}

/**
 * Books entries and moves the balances by the same amounts, and what each account has reserved by `reserved` (pennies), in the
 * caller's transaction. The accounts come first: their locks put the entries of an account in the order of their ids, on
 * which its checks rely.
 */
export async function book(
  sql: Sql,
  entries: readonly Entry[],
  { reserved = new Map(), now }: { reserved?: ReadonlyMap<number, number>; now: Date },
): Promise<void> {
  const balance = new Map<number, number>();
  for (const { accountId, amount } of entries) balance.set(accountId, (balance.get(accountId) ?? 0) + amount);
  await move(sql, { balance, reserved });
  if (entries.length > 0) await writeLedger(sql, entries, now);
}

/** Adds pennies to what each account has reserved; negative amounts release. */
export async function moveReserved(sql: Sql, reserved: ReadonlyMap<number, number>): Promise<void> {
  await move(sql, { reserved });
}

/** One statement, which locks the accounts in the order in which everybody does. */
async function move(sql: Sql, amounts: Partial<Record<'balance' | 'reserved', ReadonlyMap<number, number>>>) {
  const moved = Object.entries(amounts)
    .map(([column, some]) => ({ column, some: [...some].filter(([, amount]) => amount !== 0) }))
    .filter(({ some }) => some.length > 0);
  if (moved.length === 0) return;
  const sets = moved.map(
    ({ column, some }) => `${column} = ${column} + CASE id ${some.map(() => 'WHEN ? THEN ?').join(' ')} ELSE 0 END`,
  );
  const ids = new Set(moved.flatMap(({ some }) => some.map(([accountId]) => accountId)));
  await run(sql, `UPDATE accounts SET ${sets.join(', ')} WHERE id IN (?)`, [
    ...moved.flatMap(({ some }) => some.flat()),
    [...ids].sort((a, b) => a - b),
  ]);
}

/** Locks accounts until the transaction ends, and returns what they have. */
export async function lockFunds(sql: Sql, accountIds: readonly number[]): Promise<Map<number, Funds>> {
  if (accountIds.length === 0) return new Map();
  const found = await rows<Funds>(
    sql,
    'SELECT id, type, balance, reserved FROM accounts WHERE id IN (?) ORDER BY id FOR UPDATE',
    [accountIds],
  );
  return new Map(found.map((one) => [one.id, one]));
}

/** The account that pays for what is said in a group from now on: its owner's; null where that is free, or there is none. */
export async function payerOf(sql: Sql, groupId: number): Promise<number | null> {
  const found = await row<{ payerId: number | null }>(
    sql,
    `SELECT ${PAYER_OF} AS payerId FROM \`groups\` g WHERE g.id = ?`,
    [groupId],
  );
  return found?.payerId ?? null;
}

/** The same of a group `g`, as a column. */
export const PAYER_OF = "(SELECT a.id FROM accounts a WHERE a.person_id = g.owner_id AND a.type <> 'F')";

/**
 * The accounts that pay for these messages, by row of messages, as it was settled when each was accepted: what fails is
 * given back to who paid, even if the group has another owner by now. Free accounts and texts of ours pay nothing.
 */
export async function payersOf(sql: Sql, messageIds: readonly number[]): Promise<Map<number, Payer>> {
  const found = await rows<Payer & { messageId: number }>(
    sql,
    'SELECT id AS messageId, payer_id AS accountId, held FROM messages WHERE id IN (?) AND payer_id IS NOT NULL',
    [messageIds],
  );
  return new Map(found.map(({ messageId, ...payer }) => [messageId, payer]));
}

/** `held`: null where nothing was ever reserved. */
export type Payer = { accountId: number; held: number | null };

async function writeLedger(sql: Sql, entries: readonly Entry[], now: Date): Promise<void> {
  await run(
    sql,
    `INSERT INTO ledger (account_id, kind, amount, message_id, idempotency_key, note, created_at) VALUES ${placeholders(entries.length, 7)}`,
    entries.flatMap(({ accountId, kind, amount, messageId, key = null, note = null }) => [
      ...[accountId, kind, amount, messageId],
      ...[key, note, now],
    ]),
  );
}

/** An operator changes what kind of account a person has; false where the phone has none. */
export async function setAccountType(
  sql: Sql,
  { phone, type }: { phone: string; type: AccountRow['type'] },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    'UPDATE accounts a JOIN people p ON p.id = a.person_id SET a.type = ? WHERE p.phone = ?',
    [type, phone],
  );
  return affected > 0;
}
