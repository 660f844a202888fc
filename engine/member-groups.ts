import { accountsOf } from '../db/accounts.ts';
import { placesOf, readGroups } from '../db/groups.ts';
import { readMemberships } from '../db/memberships.ts';
import { toRoster } from './rosters.ts';
import { type AccountType, isSuspended } from './rules/money.ts';
import type { Standing } from './rules/types.ts';
import type { Runtime } from './runtime.ts';

/**
 * The active groups that a person is in or has left, oldest first, with their account; four statements however many
 * groups there are. Whoever has no account counts as free.
 */
export async function groupsOf(runtime: Runtime, personId: number): Promise<MemberGroups> {
  const places = await placesOf(runtime.db, personId);
  const [groups, members, accounts] = await Promise.all([
    readGroups(
      runtime.db,
      places.map(({ groupId }) => groupId),
    ),
    readMemberships(
      runtime.db,
      places.map(({ groupId }) => ({ groupId, version: null })),
    ),
    accountsOf(runtime.db, [...new Set([personId, ...places.map(({ ownerId }) => ownerId)])]),
  ]);
  const suspendedOwners = new Set([...accounts].filter(([, account]) => isSuspended(account)).map(([owner]) => owner));
  const own = accounts.get(personId) ?? { type: 'F' as const, balance: 0 };
  return {
    account: { type: own.type, balance: own.balance, suspended: isSuspended(own) },
    suspendedGroupIds: new Set(
      places.filter(({ ownerId }) => suspendedOwners.has(ownerId)).map(({ groupId }) => groupId),
    ),
    rosters: places.flatMap(({ groupId, membershipId }) => {
      const group = groups.get(groupId);
      if (group === undefined) return [];
      const roster = toRoster(
        group,
        members.filter((member) => member.groupId === groupId && member.live === 1),
      );
      const member = roster.members.find(({ id }) => id === membershipId);
      return member === undefined ? [] : [{ roster, member }];
    }),
  };
}

export type MemberGroups = {
  rosters: Standing[];
  account: { type: AccountType; balance: number; suspended: boolean };
  suspendedGroupIds: Set<number>;
};
