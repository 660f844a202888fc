import { findMembership } from '../engine/groups/membership.ts';
import type { Session } from '../engine/people/sessions.ts';
import { DomainError } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import type { Membership } from '../engine/rules/types.ts';

/** The membership that the session's phone and the group number name. Throws MEMBER_LOOKUP_FAILED where there is none. */
export async function membershipOf(runtime: Runtime, { phone }: Session, number: string): Promise<Membership> {
  const membership = await findMembership(runtime, { phone, number });
  if (membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
  return membership;
}
