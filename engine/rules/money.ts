/** F is free for good, T is on trial, P has paid. */
export type AccountType = 'F' | 'T' | 'P';

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
