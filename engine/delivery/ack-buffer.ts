import type { Outcome } from './outcome.ts';

/**
 * Gathers the outcomes of a batch, to be recorded at once: at its end, or, while the carrier is slow with some, every now
 * and then. `end` returns when all of them are recorded, and fails where that did; `whole` says that each of the batch has
 * its outcome.
 */
export type AckBuffer = { add(outcome: Outcome): void; end(whole: boolean): Promise<void> };

export function openAckBuffer(record: (outcomes: Outcome[], ends: boolean) => Promise<void>): AckBuffer {
  let outcomes: Outcome[] = [];
  const recorded: Promise<void>[] = [];
  function recordSome(): void {
    if (outcomes.length === 0) return;
    const recording = record(outcomes, false);
    outcomes = [];
    // Whether it failed is asked at the end.
    recording.catch(() => undefined);
    recorded.push(recording);
  }
  const timer = setInterval(recordSome, SLOW_MS);
  return {
    add: (outcome) => outcomes.push(outcome),
    async end(whole) {
      clearInterval(timer);
      if (!whole) recordSome();
      await Promise.all(recorded);
      if (whole) await record(outcomes, true);
    },
  };
}

const SLOW_MS = 250;
