import { recipientsOf } from './audience.ts';
import type { Effect } from './effects.ts';
import { texts } from './texts.ts';
import type { Member, Membership } from './types.ts';
import { sayTime } from './wall-clock.ts';
import { openFor, readHours } from './windows.ts';
import { zoneOf } from './zones.ts';

/** Until when a text waits; `at` null where no moment suits everybody. `byLaw`: the group’s own hours were lifted. */
export type Wait = { at: number | null; waiting: number; byLaw: boolean };

/** `now` in epoch milliseconds; the rest as in `CommandContext`. */
type Clock = { now: number; defaultZone: string; legalHours: boolean };

/**
 * Whether a text to all waits for the hours of its group, until it is day for everybody: so all hear it together, and
 * what is answered to it finds nobody asleep. A `!` in front lifts the group’s hours, not those that a state’s law has
 * for texts that sell; `words` are without it. Where a group has no hours nothing waits, and a `!` is a mark like others.
 */
export function waitOf(
  said: { text: string; cc: boolean },
  { roster, member }: Membership,
  { toId, ...clock }: Clock & { toId: number | null },
): { words: string; wait: Wait | null } {
  const hours = toId === null && roster.group.hours !== null ? readHours(roster.group.hours) : null;
  if (hours === null) return { words: said.text, wait: null };
  const [, urgent] = /^!\s*(\S[\s\S]*)$/u.exec(said.text) ?? [];
  const recipients = recipientsOf(roster, { senderId: member.id, toId, cc: said.cc }, clock.now);
  const limits = { hours: urgent === undefined ? hours : null, legal: clock.legalHours };
  const open = openFor(recipients, { ...clock, ...limits });
  const wait = open.at === clock.now ? null : { ...open, byLaw: urgent !== undefined };
  return { words: urgent ?? said.text, wait };
}

/** A broadcast that waits: it is kept among the group’s schedules, where its owner sees it and can take it back. */
export function keepTill(
  wait: Wait,
  by: Membership,
  said: Clock & { text: string; media: readonly string[]; cc: boolean },
): Effect[] {
  const { text, media, cc, ...clock } = said;
  const answer: Effect = { kind: 'answer', text: sayWait(wait, by, clock) };
  if (wait.at === null) return [answer];
  return [{ kind: 'schedule', text, media, cc, sendAt: wait.at, repeat: null, saidBy: sayerOf(by.member) }, answer];
}

/** Who says what waits: null is the owner of that time. */
export function sayerOf({ id, owner }: Member): number | null {
  return owner ? null : id;
}

/** What its sender is told, by their own clock. */
export function sayWait(
  { at, waiting, byLaw }: Wait,
  { roster, member }: Membership,
  { defaultZone, now }: Pick<Clock, 'defaultZone' | 'now'>,
): string {
  const { name: group } = roster.group;
  if (at === null) return texts.noHours({ group });
  const when = sayTime(at, zoneOf(member, defaultZone), now);
  return (byLaw ? texts.waitsByLaw : texts.waits)({ group, when, waiting });
}
