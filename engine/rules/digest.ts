/** What became of one member’s text: the states of its parts. */
export type Outcome = { who: string; states: string; reason: string | null };

export type Sums = { delivered: number; failed: string[]; optedOut: number; open: number; silent: number };

/** Counts the members by what became of their text. */
export function sumUp(outcomes: readonly Outcome[]): Sums {
  const sums: Sums = { delivered: 0, failed: [], optedOut: 0, open: 0, silent: 0 };
  for (const outcome of outcomes) {
    const states = new Set(outcome.states.split(','));
    const isLost = states.has('failed') || states.has('undelivered');
    if (outcome.reason === OPTED_OUT || (states.has('skipped') && outcome.reason === 'blocked')) sums.optedOut++;
    else if (isLost) sums.failed.push(outcome.who);
    else if (states.has('skipped')) sums.silent += chosen.has(outcome.reason ?? '') ? 1 : 0;
    else if (states.size === 1 && states.has('delivered')) sums.delivered++;
    else sums.open++;
  }
  return sums;
}

/** The reason of a delivery that failed because the phone has opted out at the carrier. */
export const OPTED_OUT = 'opted out';
/** A member asked for these; who has gone meanwhile is not counted. */
const chosen: ReadonlySet<string> = new Set(['muted', 'sms']);
