/** When an event that a receiver did not take is tried again. `random` is from 0 to 1. */
export function retryAfterMs(tries: number, random: number): number {
  const seconds = BACKOFF_SECONDS[Math.min(tries, BACKOFF_SECONDS.length) - 1] ?? 1;
  return seconds * 1_000 * (1 - random / 5);
}

/** At first the receiver may just be starting anew; later it takes somebody to mend it. */
const BACKOFF_SECONDS = [1, 5, 30, 120, 600, 1_800, 3_600, 7_200];

/** How long an event is tried: three days. */
export const TRIED_FOR_MS = 3 * 86_400_000;

/** A receiver that has failed so often in a row rests, with all that is for it. */
export function restAfterMs(failsInRow: number): number {
  return failsInRow < PATIENCE ? 0 : Math.min(LONGEST_REST_MS, 2 ** (failsInRow - PATIENCE + 1) * 1_000);
}

const PATIENCE = 5;
const LONGEST_REST_MS = 300_000;

/** The address of a receiver as it is used, or null for what is none: https, and nothing that belongs in no log. */
export function readHookUrl(text: string, { mayBeLocal }: { mayBeLocal: boolean }): string | null {
  if (text.length > LONGEST_URL || !/^[!-~]+$/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isKnown = url.protocol === 'https:' || (mayBeLocal && url.protocol === 'http:');
  return isKnown && url.username === '' && url.password === '' && url.hash === '' ? url.href : null;
}

const LONGEST_URL = 1_000;
