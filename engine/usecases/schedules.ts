import { readClock } from '../../db/clock.ts';
import { transact } from '../../db/connect.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { readOpenPoll } from '../../db/groups/polls.ts';
import {
  countSchedules,
  deleteSchedule,
  endSchedule,
  findDue,
  insertSchedules,
  listSchedules,
  readDue,
} from '../../db/groups/schedules.ts';
import type { CallKey } from '../effects/act.ts';
import { perform } from '../effects/perform.ts';
import { nameCall } from '../effects/repeated-calls.ts';
import { findMembership, isGroupSuspended } from '../groups/membership.ts';
import { decideAgain } from '../platform/decide-again.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Waiting } from '../rules/command-context.ts';
import { speakIn } from '../rules/languages/index.ts';
import { languageOfMember } from '../rules/membership.ts';
import type { Permission } from '../rules/permissions.ts';
import { MOST_WAITING, routeDue, writeTime } from '../rules/schedule.ts';
import type { Membership } from '../rules/types.ts';
import { sayerOf } from '../rules/waiting.ts';
import { allow } from './allow.ts';
import { readSentMedia, stillKept, type Uploads } from './media/sent.ts';

type At = { phone: string; number: string };

/**
 * Keeps a message for each of these times, or for none. Returns their ids in the order of the times. Refuses with MEMBER_LOOKUP_FAILED, NOT_OWNER, SUSPENDED, and
 * INVALID_WHEN with the first time that is one too many for the group, and BAD_REQUEST with `media_ids`.
 */
export async function scheduleMessage(
  runtime: Runtime,
  at: At,
  { text, cc, times, uploads, call }: Scheduled,
): Promise<number[]> {
  const { roster, member } = await findAllowed(runtime, at, 'schedule');
  const { id: groupId, ownerPersonId, paused } = roster.group;
  if (paused || (await isGroupSuspended(runtime, ownerPersonId))) throw new DomainError('SUSPENDED');
  const sent = await readSentMedia(runtime, uploads);
  const now = new Date();
  return transact(runtime.db, async (tx) => {
    const group = await lockGroup(tx, groupId);
    if (group?.state !== 'active') throw new DomainError('MEMBER_LOOKUP_FAILED');
    const room = MOST_WAITING - (await countSchedules(tx, groupId));
    const tooMany = times[Math.max(0, room)];
    if (tooMany !== undefined) throw new DomainError('INVALID_WHEN', { subtype: writeTime(tooMany) });
    await sent.keepFor(tx, times.at(-1) ?? now);
    const wanted = { text, media: sent.media, cc, repeat: null, saidBy: sayerOf(member) };
    const ids = await insertSchedules(tx, { ...wanted, groupId, times, now });
    if (call !== undefined) nameCall(call, { ids });
    return ids;
  });
}

type Scheduled = {
  text: string;
  cc: boolean;
  times: readonly Date[];
  uploads?: Uploads | undefined;
  call?: CallKey | undefined;
};

/** What waits in a group, for its owner. Refuses with MEMBER_LOOKUP_FAILED and NOT_OWNER. */
export async function listScheduled(runtime: Runtime, at: At): Promise<Waiting[]> {
  const { roster } = await findAllowed(runtime, at, 'manageSchedules');
  return listSchedules(runtime.db, roster.group.id);
}

/** Takes a scheduled message back. Refuses with MEMBER_LOOKUP_FAILED, NOT_OWNER and NOT_FOUND. */
export async function unschedule(runtime: Runtime, at: At, id: number): Promise<void> {
  const { roster } = await findAllowed(runtime, at, 'manageSchedules');
  const deleted = await deleteSchedule(runtime.db, { id, groupId: roster.group.id, now: new Date() });
  if (!deleted) throw new DomainError('NOT_FOUND');
}

/**
 * Sends or drops what is due; returns how many it saw to. Any number of clocks may do so at once: a message and the
 * end of its schedule are one transaction, so each goes out once, also when a process is killed. Those of one group go
 * in the order of their times.
 */
export async function sendDue(runtime: Runtime): Promise<number> {
  const due = await findDue(runtime.db, { now: await readClock(runtime.db), limit: PAGE });
  const groups = new Map<number, number[]>();
  for (const { id, groupId } of due) groups.set(groupId, [...(groups.get(groupId) ?? []), id]);
  const waiting = [...groups.values()];
  async function work(): Promise<void> {
    for (let ids = waiting.shift(); ids !== undefined; ids = waiting.shift()) {
      for (const id of ids) await sendOne(runtime, id);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return due.length;
}

const PAGE = 500;
/** A clock has four connections, and its sweeper wants one. */
const AT_ONCE = 3;

/** Decides on the group as it is, and again when it changed meanwhile. */
async function sendOne(runtime: Runtime, id: number): Promise<void> {
  await decideAgain(decide, () =>
    runtime.log.warn(
      { schedule: id },
      'a group changed faster than its scheduled text could be sent; the next tick will',
    ),
  );

  async function decide(): Promise<'stale' | undefined> {
    const due = await readDue(runtime.db, id);
    if (due === undefined) return;
    const now = await readClock(runtime.db);
    const roster = await runtime.rosters.read(due);
    // Another clock has seen that it is night.
    if (due.sendAt > now) return;
    const member = roster.members.find(({ id: one, owner }) =>
      due.schedule.saidBy === null ? owner : one === due.schedule.saidBy,
    );
    if (due.active === 0 || member === undefined) {
      await endSchedule(runtime.db, { id, messageId: null, now });
      return;
    }
    const media = await stillKept(runtime, due.schedule.media);
    const saying = { ...due.schedule, media, scheduleId: id, sendAt: due.sendAt, awaitsApproval: due.awaitsApproval };
    const scene = {
      by: { roster, member },
      suspended: await isGroupSuspended(runtime, roster.group.ownerPersonId),
      now: now.getTime(),
      defaultZone: runtime.config.DEFAULT_ZONE,
      legalHours: runtime.config.LEGAL_HOURS,
      poll: due.schedule.headCount === true ? await readOpenPoll(runtime.db, due.groupId) : null,
    };
    const effects = speakIn(languageOfMember(scene.by), () => routeDue(saying, scene));
    const by = { personId: member.personId, membershipId: member.id, numberId: member.numberId };
    const performed = await perform(runtime, {
      by,
      cause: { by: 'member', personId: member.personId },
      roster,
      effects,
      inbound: null,
      now,
    });
    if (performed === 'stale') return performed;
  }
}

async function findAllowed(runtime: Runtime, at: At, permission: Permission): Promise<Membership> {
  const membership = await findMembership(runtime, at);
  if (membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
  allow(permission, membership);
  return membership;
}
