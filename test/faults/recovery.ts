import { appUsers } from './apps.ts';
import { type Copies, type Name, namesOf } from './copies.ts';
import type { Fault } from './fault.ts';
import type { Fixture } from './fixture.ts';
import type { Said } from './load.ts';
import { PACE } from './settings.ts';

/** `mended`: until then it was broken for certain. */
export type Strike = { from: number; mended: number; until: number };

/** The longest wait of a strike, in milliseconds, and a sentence on the text that had it. */
export type Recovery = { ms: number; worst: string };

/**
 * The longest that a text took that was accepted while something was broken; where it was unavailable, from when it was back. The time
 * in which its number sent others, at the one a second that it may, is not counted. Each text counts for the last strike that had
 * begun when it was taken; what came after it was over counts for none. Who has the app counts for none either: a push whose
 * outcome nobody knows becomes a text after 15 s.
 */
export function recoveriesOf(
  { groups, paced }: Pick<Fixture, 'groups' | 'paced'>,
  { said, copies, strikes }: { said: readonly Said[]; copies: Copies; strikes: readonly Strike[] },
): Recovery[] {
  const users = new Set(groups.flatMap(({ phones }) => appUsers(phones)));
  const sentBetween = paced ? countSent(copies) : () => 0;
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
        const others = sentBetween(first.from, since, first.at);
        const ms = first.at - since - others * PACE_MS;
        if (ms <= longest.ms) continue;
        longest = { ms, worst: sayWait(name, { from, until, acceptedAt: one.acceptedAt, first, others }) };
      }
    }
    return longest;
  });
}
const JUST_BEFORE_MS = 300;
const PACE_MS = 1_000 / Number(PACE);

/** How many texts a number of ours sent after one moment and before another. */
function countSent(copies: Copies): (from: string, after: number, before: number) => number {
  const sent = new Map<string, number[]>();
  for (const { texts } of copies.all())
    for (const { from, at } of texts) sent.set(from, [...(sent.get(from) ?? []), at]);
  return (from, after, before) => (sent.get(from) ?? []).filter((at) => at > after && at < before).length;
}

/** All that it takes to find the text in the logs, which `--keep` keeps. */
function sayWait(
  { id, phone, part }: Name,
  {
    from,
    until,
    acceptedAt,
    first,
    others,
  }: { from: number; until: number; acceptedAt: number; first: { at: number; url: string }; others: number },
): string {
  const [accepted, came, over] = [acceptedAt, first.at, until].map((at) => ((at - from) / 1000).toFixed(1));
  return `text ${id} (${part}) to ${phone}, accepted at ${accepted} s, came at ${came} s by ${new URL(first.url).search}; after ${others} others of its number; the fault was over at ${over} s of ${new Date(from).toISOString()}`;
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
