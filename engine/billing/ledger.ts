import { addUpLedgers, noteChecks } from '../../db/billing/ledger.ts';
import type { Runtime } from '../platform/runtime.ts';

/**
 * Adds up the ledgers of the next accounts and compares them with the balances; after the last account comes the first
 * again. Answers how many are off. Each is logged once, as an error: money moved without an entry, or the reverse.
 */
export async function checkLedgers(runtime: Runtime): Promise<number> {
  const place = runtime.use(openPlace);
  const checks = await addUpLedgers(runtime.db, { afterId: place.lastAccountId, limit: PAGE });
  place.lastAccountId = checks.length < PAGE ? 0 : (checks.at(-1)?.accountId ?? 0);
  const off = checks.filter(({ balance, ledger }) => balance !== ledger);
  for (const { accountId: account, balance, ledger } of off.filter(({ wasOff }) => !wasOff))
    runtime.log.error({ account, balance, ledger }, 'a balance is not what its ledger adds up to');
  await noteChecks(runtime.db, checks, new Date());
  return off.length;
}

/** A hundred thousand accounts take a quarter of an hour. */
const PAGE = 500;

/** The last account that this process looked at. */
function openPlace(): { lastAccountId: number } {
  return { lastAccountId: 0 };
}
