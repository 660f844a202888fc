/** F is free for good, T is on trial, P has paid. */
export const accountTypes = ['F', 'T', 'P'] as const;
export type AccountType = (typeof accountTypes)[number];

export type Account = { type: AccountType; balance: number };

/** What one delivery costs, in pennies. An MMS has one price, however long its text and however many its pictures. */
export function costOf({ segments, media, pricePerSegment, pricePerMms }: Priced): number {
  return media > 0 ? pricePerMms : segments * pricePerSegment;
}

export type Priced = { segments: number; media: number; pricePerSegment: number; pricePerMms: number };

/** True when the account, and so its groups, may not send: nothing is left and it is not a free one. */
export function isSuspended({ type, balance }: Account): boolean {
  return type !== 'F' && balance <= 0;
}

/** True when something is left that is not reserved for messages that are on their way: then one more is accepted. */
export function canPay({ type, balance, reserved }: Account & { reserved: number }): boolean {
  return type === 'F' || balance - reserved > 0;
}

/** Pennies as people write them: -$1.05. */
export function inDollars(pennies: number): string {
  return `${pennies < 0 ? '-' : ''}$${(Math.abs(pennies) / 100).toFixed(2)}`;
}

/** What money moved for: of the texts, of a card payment, or by an operator’s hand. */
export type EntryKind =
  | 'trial'
  | 'grant'
  | 'adjustment'
  | 'segments'
  | 'refund'
  | 'charge'
  | 'payment_refund'
  | 'payment_failed'
  | 'dispute';
