import type { AttemptReport, DeliveryNow } from './status.ts';

/**
 * The carrier's last word on each try, as a short text for one column: `1d3,2s` is "try 1 delivered, sequence 3;
 * try 2 sent, no sequence".
 */
export function writeAttemptLog(attemptLog: DeliveryNow['attemptLog']): string {
  return Object.entries(attemptLog)
    .slice(-MOST_KEPT)
    .map(([attempt, { status, sequence }]) => `${attempt}${letters[status]}${sequence ?? ''}`)
    .join(',');
}

export function readAttemptLog(text: string): DeliveryNow['attemptLog'] {
  const attemptLog: Record<number, AttemptReport> = {};
  for (const [, attempt, letter, sequence] of text.matchAll(/(\d+)([sufd])(\d*)/g)) {
    const status = statuses[letter as keyof typeof statuses];
    attemptLog[Number(attempt)] = { status, sequence: sequence === '' ? null : Number(sequence) };
  }
  return attemptLog;
}

/** The column holds 255 characters; more tries than this that the carrier took do not happen within a day's limits. */
const MOST_KEPT = 20;
const letters = { sent: 's', undelivered: 'u', failed: 'f', delivered: 'd' } as const satisfies Record<
  AttemptReport['status'],
  string
>;
const statuses = { s: 'sent', u: 'undelivered', f: 'failed', d: 'delivered' } as const;
