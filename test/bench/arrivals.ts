import { setTimeout as sleep } from 'node:timers/promises';
import { spreadOf } from './spread.ts';

/** A text as the carrier took it; `at` in epoch milliseconds. */
export type Arrival = { seq: number; from: string; to: string; text: string; at: number };

/** Every text that the carrier took after that one (0: after none), oldest first. */
export async function arrivalsAfter(simulator: string, seq: number): Promise<Arrival[]> {
  const all: Arrival[] = [];
  for (let after = seq; ; ) {
    const answer = await fetch(`${simulator}/texts?after=${after}`);
    const { texts, next, lost } = (await answer.json()) as { texts: Arrival[]; next: number; lost: boolean };
    if (lost) throw new Error('the carrier has forgotten some of the texts that were to be looked at');
    all.push(...texts);
    if (texts.length === 0) return all;
    after = next;
  }
}

/** Waits until `count` texts with these words have reached that phone since then; returns when the last of them did. */
export async function arrivalAt(
  simulator: string,
  { to, words, since }: { to: string; words: string; since: number },
): Promise<number> {
  for (const limit = Date.now() + TIMEOUT_MS; Date.now() < limit; await sleep(LOOK_MS)) {
    const asked = new URLSearchParams({ to, since: String(Math.floor(since)) });
    const answer = await fetch(`${simulator}/texts?${asked}`);
    const { texts } = (await answer.json()) as { texts: Arrival[] };
    const found = texts.find(({ text }) => text.includes(words));
    if (found !== undefined) return found.at;
  }
  throw new Error(`a text did not arrive within ${TIMEOUT_MS / 1000} s`);
}

const TIMEOUT_MS = 120_000;
const LOOK_MS = 20;

/** How many came, and when the last one did, by the words that they end with: everything from the last # on. */
export function lastByWords(arrivals: readonly Arrival[]): Map<string, { count: number; at: number }> {
  const found = new Map<string, { count: number; at: number }>();
  for (const { text, at } of arrivals) {
    const words = text.slice(text.lastIndexOf('#'));
    const known = found.get(words);
    found.set(words, { count: (known?.count ?? 0) + 1, at: Math.max(known?.at ?? 0, at) });
  }
  return found;
}

/** How many texts more than the rate allows the worst span of `seconds` held; below 0, fewer. */
export function worstExcess(times: readonly number[], { rate, seconds }: { rate: number; seconds: number }): number {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  const excess = sorted.map((at, last) => {
    while (at - (sorted[first] ?? at) >= seconds * 1000) first++;
    return last - first + 1 - rate * seconds;
  });
  return spreadOf(excess).max;
}

/** The share of what the rate allowed from the first to the last of these that was sent. */
export function shareOfAllowed(times: readonly number[], rate: number): number {
  const { min, max } = spreadOf(times);
  return (times.length - 1) / ((rate * (max - min)) / 1000);
}

/**
 * The share of what the rate allowed that was sent, of all who are limited together: each from when it had something to
 * send (`since`) until its last text, the first of which it may send at once.
 */
export function shareWhileWaiting(lines: readonly { since: number; times: readonly number[] }[], rate: number): number {
  const allowed = lines.map(({ since, times }) => {
    const spanMs = Math.max(0, spreadOf(times).max - since);
    return Math.floor((spanMs * rate) / 1000) + 1;
  });
  const sent = lines.reduce((sum, { times }) => sum + times.length, 0);
  return sent / allowed.reduce((sum, count) => sum + count, 0);
}

/** How far behind an even pace each of these came; none comes before its moment, so the least late one says when that is. */
export function latenessOf(times: readonly number[], gapMs: number): number[] {
  const behind = times.toSorted((a, b) => a - b).map((at, place) => at - place * gapMs);
  const start = spreadOf(behind).min;
  return behind.map((at) => at - start);
}
