import { findLowBalances, type LowBalance, takeLowBalance } from '../../db/billing/low-balances.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { findNumber } from '../../db/groups/numbers.ts';
import { startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { emailTemplates } from '../rules/email-templates.ts';
import { inDollars, isSuspended } from '../rules/money.ts';
import { texts } from '../rules/texts.ts';
import { enqueueEmail } from './emails.ts';

/** Tells the owners of accounts that run low, once until the next payment. Returns how many. */
export async function tellLowBalances(runtime: Runtime): Promise<number> {
  const low = await findLowBalances(runtime.db, PAGE);
  for (const one of low) await startSystemMessages(runtime, await transact(runtime.db, (tx) => tell(runtime, tx, one)));
  return low.length;
}

const PAGE = 100;

async function tell(runtime: Runtime, tx: Tx, account: LowBalance): Promise<number[]> {
  const service = await findNumber(tx, runtime.config.SERVICE_NUMBER);
  if (service === undefined || !(await takeLowBalance(tx, account.accountId))) return [];
  const { accountId, personId, balance } = account;
  const now = new Date();
  const suspended = isSuspended(account);
  const text = () => texts.lowBalance({ balance: inDollars(balance), suspended });
  await enqueueEmail(runtime, tx, { accountId, write: () => emailTemplates.lowBalance({ balance, suspended }), now });
  const to = [{ personId, membershipId: null, numberId: service.id }];
  return writeSystemMessages(runtime, tx, {
    cause: { by: 'system' },
    messages: [{ groupId: null, text, to, urgent: false }],
    now,
  });
}
