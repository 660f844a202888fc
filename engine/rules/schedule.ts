import { audienceOf } from './audience.ts';
import { approvalTexts } from './commands/approvals.ts';
import { askAtItsTime } from './commands/polls.ts';
import type { Effect, NewSchedule } from './effects.ts';
import type { OpenPoll } from './polls.ts';
import { nextOf } from './repeats.ts';
import { prefixed, toGsm } from './text.ts';
import { texts } from './texts.ts';
import type { Membership } from './types.ts';
import { sayWait, waitOf } from './waiting.ts';

/**
 * The times of a list such as `2026-12-24 18:00:00,2026-12-31 23:59:59` (UTC): ascending, equal ones once. `wrong` is
 * the first that is no such time or not after `now` (epoch milliseconds), as it was written.
 */
export function readWhen(list: string, now: number): { times: Date[] } | { wrong: string } {
  const times = new Map<number, Date>();
  for (const written of list.split(',').map((item) => item.trim())) {
    const time = readTime(written);
    if (time === null || time.getTime() <= now) return { wrong: written };
    times.set(time.getTime(), time);
  }
  return { times: [...times.values()].sort((a, b) => a.getTime() - b.getTime()) };
}

/** A time as `when` has it. */
export function writeTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

/** A scheduled text whose time has come is a message of the owner’s, whatever its first character. */
export type Due = Omit<NewSchedule, 'sendAt'> & { scheduleId: number; sendAt: Date; awaitsApproval: boolean };

/**
 * What it wants done at `now`: it goes out as if the one who says it, the owner as a rule, said it then; it waits for the
 * group’s hours; or it is dropped. They are told why.
 */
export function routeDue(
  due: Due,
  scene: {
    by: Membership;
    suspended: boolean;
    now: number;
    defaultZone: string;
    legalHours: boolean;
    /** The poll of the group that is open. */
    poll: OpenPoll | null;
  },
): Effect[] {
  const { scheduleId, sendAt: _, awaitsApproval: __, ...again } = due;
  const { cc, repeat, media } = due;
  const { roster, member } = scene.by;
  const about = { group: roster.group.name, when: writeTime(due.sendAt) };
  // Times that have passed meanwhile are not made up for.
  const next = repeat === null ? {} : { again: { ...again, sendAt: nextOf(repeat, scene.now) } };
  if (due.awaitsApproval)
    return [
      { kind: 'lapseApproval', scheduleId },
      { kind: 'answer', text: approvalTexts.lapsed({ group: roster.group.name, text: due.text }) },
    ];
  const drop = (text: string): Effect[] => [
    { kind: 'dropDue', scheduleId, ...next },
    { kind: 'answer', text },
  ];
  // Who has left would be told again and again.
  if (member.left)
    return [
      { kind: 'dropDue', scheduleId },
      { kind: 'answer', text: texts.scheduledButLeft(about) },
    ];
  if (scene.now - due.sendAt.getTime() > LATEST_MS) return drop(texts.scheduledTooLate(about));
  if (roster.group.paused) return drop(texts.scheduledButPaused(about));
  if (scene.suspended) return drop(texts.scheduledButSuspended(about));
  const toId = audienceOf(roster, member);
  const { words, wait } = waitOf(due, scene.by, { ...scene, toId });
  if (wait?.at === null) return drop(texts.scheduledWithoutHours(about));
  if (wait !== null)
    return [
      { kind: 'postponeDue', scheduleId, until: wait.at },
      { kind: 'answer', text: sayWait(wait, scene.by, scene) },
    ];
  const asked = due.headCount === true && toId === null ? askAtItsTime(words, scene.by, scene) : { words, effects: [] };
  const text = toGsm(prefixed({ ...member, text: asked.words }));
  return [...asked.effects, { kind: 'sayDue', scheduleId, text, media, cc, toId, ...next }];
}

/** From the contract, for a group. */
export const MOST_WAITING = 100;

/** From the contract: after downtime, nobody wants this morning's reminder at night. */
const LATEST_MS = 60 * 60_000;

/** Null for what is no such time, and for a day that no calendar has. */
function readTime(written: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(written)) return null;
  const time = new Date(`${written.replace(' ', 'T')}Z`);
  return Number.isNaN(time.getTime()) || writeTime(time) !== written ? null : time;
}
