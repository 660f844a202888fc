import { listAwaiting } from '../../db/groups/approvals.ts';
import { findMembership, isGroupSuspended } from '../groups/membership.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Awaiting } from '../rules/command-context.ts';
import { awaitingIn } from '../rules/commands/approvals.ts';
import type { Member, Membership } from '../rules/types.ts';
import { waitOf } from '../rules/waiting.ts';
import { allow } from './allow.ts';
import { changeGroup } from './change.ts';

/** What speakers want to say to all of a group, decided on by a call as by `*approve` and `*decline`. */

type At = { phone: string; number: string };

/** What waits for an owner, the oldest first, and who says it. Refuses with MEMBER_LOOKUP_FAILED and NOT_OWNER. */
export async function listApprovals(
  runtime: Runtime,
  at: At,
): Promise<{ one: Awaiting & { until: Date }; by: Member }[]> {
  const membership = await findMembership(runtime, at);
  if (membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
  return readAwaiting(runtime, membership);
}

/**
 * Lets it go to all; its speaker is told. Returns when, in UTC, where the hours of the group have it wait, else null. Refuses
 * with MEMBER_LOOKUP_FAILED, NOT_OWNER, NOT_FOUND (it waits no longer) and SUSPENDED.
 */
export async function approveAwaiting(runtime: Runtime, at: At, id: number): Promise<Date | null> {
  let when: Date | null = null;
  await changeGroup(runtime, at, async (membership) => {
    const { one, by } = await findAwaiting(runtime, membership, id);
    const { roster } = membership;
    if (roster.group.paused || (await isGroupSuspended(runtime, roster.group.ownerPersonId)))
      throw new DomainError('SUSPENDED');
    const { DEFAULT_ZONE: defaultZone, LEGAL_HOURS: legalHours } = runtime.config;
    const { wait } = waitOf(one, { roster, member: by }, { now: Date.now(), defaultZone, legalHours, toId: null });
    when = wait === null || wait.at === null ? null : new Date(wait.at);
    return [{ kind: 'approve', scheduleId: one.id, saidBy: by.id }];
  });
  return when;
}

/** Drops it; its speaker is told. Refuses with MEMBER_LOOKUP_FAILED, NOT_OWNER and NOT_FOUND. */
export async function declineAwaiting(runtime: Runtime, at: At, id: number): Promise<void> {
  await changeGroup(runtime, at, async (membership) => {
    const { one, by } = await findAwaiting(runtime, membership, id);
    return [{ kind: 'decline', scheduleId: one.id, saidBy: by.id, text: one.text }];
  });
}

async function findAwaiting(runtime: Runtime, membership: Membership, id: number) {
  const found = (await readAwaiting(runtime, membership)).find(({ one }) => one.id === id);
  if (found === undefined) throw new DomainError('NOT_FOUND');
  return found;
}

async function readAwaiting({ db }: Runtime, membership: Membership) {
  allow('manageSchedules', membership);
  const { roster } = membership;
  return awaitingIn(roster, await listAwaiting(db, roster.group.id));
}
