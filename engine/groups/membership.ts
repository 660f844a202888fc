import { accountsOf } from '../../db/billing/accounts.ts';
import { findMemberContext, type MemberContext } from '../../db/groups/groups.ts';
import type { Runtime } from '../platform/runtime.ts';
import { stagedFor } from '../platform/staged-for.ts';
import { canPay } from '../rules/money.ts';
import type { Membership } from '../rules/types.ts';

export type { Membership } from '../rules/types.ts';

/**
 * Returns the membership that a phone and one of our numbers (both E.164) name, also of a member who has left. Null for
 * a stranger, and while the group is only staged.
 */
export async function findMembership(
  runtime: Runtime,
  at: { phone: string; number: string },
): Promise<Membership | null> {
  const memberContext = await findMemberContext(runtime.db, { ...at, stagedFor: stagedFor(runtime) });
  return memberContext?.state === 'active' ? readMembership(runtime, memberContext) : null;
}

/** Returns the staged group that a phone created and reaches through this number, or null; null once it has lapsed. */
export async function findStaged(runtime: Runtime, at: { phone: string; number: string }): Promise<Membership | null> {
  const memberContext = await findMemberContext(runtime.db, { ...at, stagedFor: stagedFor(runtime) });
  return memberContext?.state === 'staged' && memberContext.ownerId === memberContext.personId
    ? readMembership(runtime, memberContext)
    : null;
}

export async function readMembership(runtime: Runtime, memberContext: MemberContext): Promise<Membership | null> {
  const roster = await runtime.rosters.read(memberContext);
  const member = roster.members.find(({ id }) => id === memberContext.membershipId);
  return member === undefined ? null : { roster, member };
}

/** Returns whether the owner's account is used up, or will be by what is on its way. Without an account nothing is paid. */
export async function isGroupSuspended(runtime: Runtime, ownerPersonId: number): Promise<boolean> {
  const account = (await accountsOf(runtime.db, [ownerPersonId])).get(ownerPersonId);
  return account !== undefined && !canPay(account);
}
