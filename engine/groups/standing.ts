import { accountsOf } from '../../db/billing/accounts.ts';
import { findPlace, type Place } from '../../db/groups/groups.ts';
import type { Runtime } from '../platform/runtime.ts';
import { isSuspended } from '../rules/money.ts';
import type { Standing } from '../rules/types.ts';

export type { Standing } from '../rules/types.ts';

/**
 * Where a phone stands at one of our numbers (both E.164): the membership that the pair names, also of a member who
 * has left. Null for a stranger, and while the group is only staged.
 */
export async function findStanding(runtime: Runtime, at: { phone: string; number: string }): Promise<Standing | null> {
  const place = await findPlace(runtime.db, at);
  return place?.state === 'active' ? standAt(runtime, place) : null;
}

/** The staged group that a phone created and reaches through this number. */
export async function findStaged(runtime: Runtime, at: { phone: string; number: string }): Promise<Standing | null> {
  const place = await findPlace(runtime.db, at);
  return place?.state === 'staged' && place.ownerId === place.personId ? standAt(runtime, place) : null;
}

export async function standAt(runtime: Runtime, place: Place): Promise<Standing | null> {
  const roster = await runtime.rosters.read(place);
  const member = roster.members.find(({ id }) => id === place.membershipId);
  return member === undefined ? null : { roster, member };
}

/** Is the owner's account used up? An owner without an account pays nothing. */
export async function isGroupSuspended(runtime: Runtime, ownerPersonId: number): Promise<boolean> {
  const account = (await accountsOf(runtime.db, [ownerPersonId])).get(ownerPersonId);
  return account !== undefined && isSuspended(account);
}
