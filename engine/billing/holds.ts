import { lockFunds, moveReserved } from '../../db/billing/accounts.ts';
import type { Tx } from '../../db/connect.ts';
import type { Runtime } from '../platform/runtime.ts';
import { recipientsOf } from '../rules/audience.ts';
import { canPay } from '../rules/money.ts';
import { priceOf } from '../rules/price.ts';
import type { Roster } from '../rules/types.ts';

/** What a message may cost its payer: nobody where it is null. */
export type Hold = { payerId: number | null; price: number };

/**
 * Reserves what messages may cost, in their order, in the transaction that keeps them. Returns which of them are accepted:
 * those whose account has something left beyond what is reserved. So an account goes below zero by one message at most.
 */
export async function holdPrices(tx: Tx, holds: readonly Hold[]): Promise<boolean[]> {
  const payerIds = holds.flatMap(({ payerId }) => (payerId === null ? [] : [payerId]));
  const funds = await lockFunds(tx, [...new Set(payerIds)]);
  const held = new Map<number, number>();
  const accepted = holds.map(({ payerId, price }) => {
    const account = payerId === null ? undefined : funds.get(payerId);
    if (account === undefined) return true;
    const soFar = held.get(account.id) ?? 0;
    if (!canPay({ ...account, reserved: account.reserved + soFar })) return false;
    held.set(account.id, soFar + price);
    return true;
  });
  await moveReserved(tx, held);
  return accepted;
}

/** What a message costs if each of its recipients gets it as a text; some may get a push, or nothing. */
export function mostItCosts({ config }: Runtime, roster: Roster, said: Saying, now: Date): number {
  const { PRICE_PER_SEGMENT: pricePerSegment, PRICE_PER_MMS: pricePerMms } = config;
  const texted = recipientsOf(roster, said, now.getTime()).filter(({ skip }) => skip === null);
  return texted.length * priceOf({ ...said, pricePerSegment, pricePerMms }).cost;
}

type Saying = {
  senderId: number | null;
  toId: number | null;
  cc: boolean;
  text: string;
  media: readonly string[];
  listed?: readonly number[] | undefined;
};
