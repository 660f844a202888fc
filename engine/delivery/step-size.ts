/** How many messages are counted next: twice as many after a step that took a moment, half as many after one that took more. */
export function nextStep(atOnce: number, tookMs: number): number {
  return tookMs < STEP_MS ? Math.min(atOnce * 2, MOST_AT_ONCE) : Math.max(1, Math.floor(atOnce / 2));
}
const STEP_MS = 100;
const MOST_AT_ONCE = 500;
