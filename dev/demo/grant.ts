import { setAccountType } from '../../db/billing/accounts.ts';
import { openDb } from '../../db/connect.ts';

/**
 * Makes the creators' accounts free, as an operator would: a hundred handsets use up a trial balance in a few texts,
 * and the demo is to count texts, not pennies.
 */
export async function makeFree(mysqlUrl: string, phones: readonly string[]): Promise<void> {
  const db = openDb(mysqlUrl, { size: 1 });
  try {
    for (const phone of phones) await setAccountType(db, { phone, type: 'F' });
  } finally {
    await db.destroy();
  }
}
