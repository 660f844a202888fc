import { addUpLedgers, noteChecks } from '../../db/billing/ledger.ts';
import type { Runtime } from '../platform/runtime.ts';
import { freeReserved } from './reserved.ts';

/**
 * Adds up the ledgers of the next accounts and compares them with the balances, starting over after the last account.
 * Returns how many differ. Each is logged once, as an error: money moved without an entry, or the reverse. What they have reserved is
 * looked at as well.
 */
export async function checkLedgers(runtime: Runtime): Promise<number> {
  const cursor = runtime.use(openCursor);
  const checks = await addUpLedgers(runtime.db, { afterId: cursor.lastAccountId, limit: PAGE });
  cursor.lastAccountId = checks.length < PAGE ? 0 : (checks.at(-1)?.accountId ?? 0);
  const off = checks.filter(({ balance, ledger }) => balance !== ledger);
  for (const { accountId: account, balance, ledger } of off.filter(({ wasOff }) => !wasOff))
    runtime.log.error({ account, balance, ledger }, 'a balance differed from the sum of its ledger');
  await noteChecks(runtime.db, checks, new Date());
  await freeReserved(runtime, checks);
  return off.length;
}

/** A hundred thousand accounts take a quarter of an hour. */
const PAGE = 500;

/** The last account that this process checked. */
function openCursor(): { lastAccountId: number } {
  return { lastAccountId: 0 };
}
