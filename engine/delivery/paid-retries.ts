import { lockFunds, payersOf } from '../../db/billing/accounts.ts';
import type { Tx } from '../../db/connect.ts';
import { canPay } from '../rules/money.ts';
import type { Fee } from './fees.ts';

/**
 * What the carrier took and then did not deliver stays paid, and another try is paid again. So each such try is accepted like a
 * message: only while its account has something left beyond what is reserved. Else an account would go below zero by
 * as many messages as wait for another try. Returns those that the account cannot pay; locks the accounts.
 */
export async function findUnaffordable<T extends { fee: Fee }>(tx: Tx, retries: readonly T[]): Promise<Set<T>> {
  const again = retries.filter(({ fee }) => costOf(fee) > 0);
  if (again.length === 0) return new Set();
  const payers = await payersOf(tx, [...new Set(again.map(({ fee }) => fee.messageId))]);
  const funds = await lockFunds(tx, [...new Set([...payers.values()].map(({ accountId }) => accountId))]);
  const taken = new Map<number, number>();
  const refused = again.filter(({ fee }) => {
    const payer = payers.get(fee.messageId);
    const account = payer === undefined ? undefined : funds.get(payer.accountId);
    if (account === undefined) return false;
    const soFar = taken.get(account.id) ?? 0;
    if (!canPay({ ...account, reserved: account.reserved + soFar })) return true;
    taken.set(account.id, soFar + costOf(fee));
    return false;
  });
  return new Set(refused);
}

/** What it takes of balance less reserved; nothing where a try that failed is given back first. */
function costOf({ amount, released }: Fee): number {
  return amount - released;
}
