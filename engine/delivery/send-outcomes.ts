import type { SendVerdict } from '../carriers/carrier.ts';
import { OPTED_OUT } from '../rules/digest.ts';
import type { TryOf } from '../rules/try-name.ts';
import type { Claimed } from './claimed-texts.ts';
import type { Outcome } from './outcome.ts';

/** Not a try that counts: it waits as it would for a carrier that pauses. */
export function heldBack(of: TryOf, until: Date): Outcome {
  const event = { kind: 'outcome', attempt: of.attempt, verdict: 'paused' } as const;
  return { of, event, reason: 'the daily cap of its network is used up', waitMs: until.getTime() - Date.now() };
}

/** What an answer of the carrier says of the delivery. */
export function outcomeOf(of: TryOf, verdict: SendVerdict, { cost, payer }: Claimed): Outcome {
  const event = { kind: 'outcome', attempt: of.attempt, verdict: verdict.kind } as const;
  switch (verdict.kind) {
    case 'accepted':
      return { of, event, carrierId: verdict.carrierId, paid: { cost, payer } };
    case 'retry':
      return { of, event, reason: verdict.reason, waitMs: verdict.retryAfterMs };
    case 'paused':
      return { of, event, reason: verdict.reason, errorCode: verdict.errorCode };
    case 'failed': {
      const { optedOut, reason, errorCode } = verdict;
      return { of, event, reason: optedOut ? OPTED_OUT : reason, ...(errorCode === undefined ? {} : { errorCode }) };
    }
    default:
      return { of, event, reason: verdict.reason };
  }
}
