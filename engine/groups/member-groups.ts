import { accountsOf } from '../../db/billing/accounts.ts';
import { groupsAround } from '../../db/groups/groups.ts';
import { type MembershipRow, readMemberships } from '../../db/groups/memberships.ts';
import { toRoster } from '../platform/roster-drawing.ts';
import type { Runtime } from '../platform/runtime.ts';
import { type AccountType, isSuspended } from '../rules/money.ts';
import type { Membership } from '../rules/types.ts';

/**
 * Returns the active groups that a person is in or has left, oldest first, with the person's account; three statements
 * however many groups there are. A person without an account counts as free.
 */
export async function groupsOf(runtime: Runtime, personId: number): Promise<MemberGroups> {
  const groups = await groupsAround(runtime.db, personId);
  const [members, accounts] = await Promise.all([
    readMemberships(
      runtime.db,
      groups.map(({ id: groupId }) => ({ groupId, version: null })),
    ),
    accountsOf(runtime.db, [...new Set([personId, ...groups.map(({ ownerId }) => ownerId)])]),
  ]);
  const own = accounts.get(personId) ?? { type: 'F' as const, balance: 0 };
  const isPaused = (ownerId: number) => {
    const account = accounts.get(ownerId);
    return account !== undefined && isSuspended(account);
  };
  const living = byGroup(members.filter(({ live }) => live === 1));
  return {
    account: { type: own.type, balance: own.balance, suspended: isSuspended(own) },
    suspendedGroupIds: new Set(groups.filter(({ ownerId }) => isPaused(ownerId)).map(({ id }) => id)),
    rosters: groups.flatMap(({ membershipId, ...group }) => {
      const roster = toRoster(group, living.get(group.id) ?? []);
      const member = roster.members.find(({ id }) => id === membershipId);
      return member === undefined ? [] : [{ roster, member }];
    }),
  };
}

export type MemberGroups = {
  rosters: Membership[];
  account: { type: AccountType; balance: number; suspended: boolean };
  suspendedGroupIds: Set<number>;
};

function byGroup(members: readonly MembershipRow[]): Map<number, MembershipRow[]> {
  const groups = new Map<number, MembershipRow[]>();
  for (const member of members) {
    const known = groups.get(member.groupId);
    if (known === undefined) groups.set(member.groupId, [member]);
    else known.push(member);
  }
  return groups;
}
