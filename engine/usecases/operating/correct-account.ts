import { book, findAccount, topUp } from '../../../db/billing/accounts.ts';
import { type Sql, transact } from '../../../db/connect.ts';

/**
 * Gives an account pennies (a grant) or, where negative, takes them off. What has the same `once` fails as a duplicate. Returns
 * the balance.
 */
export async function correctAccount(
  sql: Sql,
  {
    account: { id: accountId, personId },
    amount,
    note,
    once,
    now,
  }: { account: { id: number; personId: number }; amount: number; note: string; once?: string; now: Date },
): Promise<number | undefined> {
  return transact(sql, async (tx) => {
    const entry = {
      accountId,
      amount,
      messageId: null,
      note,
      ...(once === undefined ? {} : { key: `operator:${once}` }),
    };
    if (amount > 0) await topUp(tx, { ...entry, kind: 'grant' }, now);
    else await book(tx, [{ ...entry, kind: 'adjustment' }], { now });
    return (await findAccount(tx, personId))?.balance;
  });
}
