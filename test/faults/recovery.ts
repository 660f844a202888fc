import { appUsers } from './apps.ts';
import { type Copies, type Name, namesOf } from './copies.ts';
import type { Fault } from './fault.ts';
import type { Fixture } from './fixture.ts';
import type { Said } from './load.ts';

/** `mended`: until then it was broken for certain. */
export type Strike = { from: number; mended: number; until: number };

/** The longest wait of a strike, in milliseconds, and a sentence on the text that had it. */
export type Recovery = { ms: number; worst: string };

/**
 * The longest that a text took that was accepted while something was broken; where it was unavailable, from when it was back. Each
 * text counts for the last strike that had begun when it was taken; what came after it was over counts for none. Who has
 * the app counts for none either: a push whose outcome nobody knows becomes a text after 15 s.
 */
export function recoveriesOf(
  { groups }: Fixture,
  { said, copies, strikes }: { said: readonly Said[]; copies: Copies; strikes: readonly Strike[] },
): Recovery[] {
  const users = new Set(groups.flatMap(({ phones }) => appUsers(phones)));
  return strikes.map(({ from, mended, until }, at) => {
    const next = strikes[at + 1]?.from ?? Number.POSITIVE_INFINITY;
    const end = Math.min(until + JUST_BEFORE_MS, next - JUST_BEFORE_MS);
    let longest: Recovery = { ms: 0, worst: 'none' };
    for (const one of said) {
      if (one.acceptedAt === null || one.acceptedAt <= from - JUST_BEFORE_MS || one.acceptedAt >= end) continue;
      const since = Math.max(from, mended, one.acceptedAt);
      for (const name of namesOf(one, copies)) {
        const first = copies.get(name)[0];
        if (users.has(name.phone) || first === undefined || first.at - since <= longest.ms) continue;
        longest = { ms: first.at - since, worst: sayWait(name, { from, until, acceptedAt: one.acceptedAt, first }) };
      }
    }
    return longest;
  });
}
const JUST_BEFORE_MS = 300;

/** All that it takes to find the text in the logs, which `--keep` keeps. */
function sayWait(
  { id, phone, part }: Name,
  {
    from,
    until,
    acceptedAt,
    first,
  }: { from: number; until: number; acceptedAt: number; first: { at: number; url: string } },
): string {
  const [accepted, came, over] = [acceptedAt, first.at, until].map((at) => ((at - from) / 1000).toFixed(1));
  return `text ${id} (${part}) to ${phone}, accepted at ${accepted} s, came at ${came} s by ${new URL(first.url).search}; the fault was over at ${over} s of ${new Date(from).toISOString()}`;
}

/** Sentences on strikes after which it took longer than the fault allows. */
export function slowRecoveries(
  { recoversWithinMs = Number.POSITIVE_INFINITY }: Fault,
  recoveries: readonly Recovery[],
): string[] {
  return recoveries
    .filter(({ ms }) => ms > recoversWithinMs)
    .map(
      ({ ms, worst }) =>
        `a recovery took ${(ms / 1000).toFixed(1)} s, longer than ${recoversWithinMs / 1000} s: ${worst}`,
    );
}

/** Sentences on waits that somebody would ask about: where it was no first try, the one before it was refused or left unknown. */
export function longWaits(recoveries: readonly Recovery[]): string[] {
  return recoveries
    .filter(({ ms }) => ms > LONG_MS)
    .map(({ ms, worst }) => `the longest wait, ${(ms / 1000).toFixed(1)} s: ${worst}`);
}
const LONG_MS = 15_000;
