import type { DeliveryState } from './status.ts';

/** What senders and owners are told of a text to one recipient. */
export const recipientStates = ['waiting', 'sent', 'delivered', 'failed', 'skipped'] as const;
export type RecipientState = (typeof recipientStates)[number];
export type RecipientCounts = Record<RecipientState, number>;

/** One part of a text to one person; a push has a single part, whatever its length. */
export type DeliveredPart = {
  personId: number;
  phone: string;
  name: string | null;
  state: DeliveryState;
  via: 'sms' | 'push';
  reason: string | null;
  errorCode: number | null;
};

/** `reason` and `errorCode` where it failed or was skipped. */
export type RecipientOutcome = Pick<DeliveredPart, 'personId' | 'phone' | 'name'> & {
  state: RecipientState;
  reason: string | null;
  errorCode: number | null;
};

/** What became of a message for each of its recipients, in the order of the parts: the worst of the parts counts. */
export function recipientStatesOf(parts: readonly DeliveredPart[]): RecipientOutcome[] {
  const recipients = new Map<number, RecipientOutcome>();
  for (const { personId, phone, name, reason, errorCode, ...part } of parts) {
    const state = recipientState(part);
    const before = recipients.get(personId);
    if (before !== undefined && rank[before.state] >= rank[state]) continue;
    const why = state === 'failed' || state === 'skipped' ? { reason, errorCode } : { reason: null, errorCode: null };
    recipients.set(personId, { personId, phone, name, state, ...why });
  }
  return [...recipients.values()];
}

export function countRecipients(recipients: readonly Pick<RecipientOutcome, 'state'>[]): RecipientCounts {
  const counts: RecipientCounts = { waiting: 0, sent: 0, delivered: 0, failed: 0, skipped: 0 };
  for (const { state } of recipients) counts[state]++;
  return counts;
}

/** Nobody reports on a push: one that was taken is there. */
function recipientState({ state, via }: Pick<DeliveredPart, 'state' | 'via'>): RecipientState {
  if (state === 'sent' && via === 'push') return 'delivered';
  if (state === 'undelivered') return 'failed';
  return state === 'queued' || state === 'sending' || state === 'unknown' ? 'waiting' : state;
}

const rank: Record<RecipientState, number> = { failed: 4, waiting: 3, sent: 2, skipped: 1, delivered: 0 };
