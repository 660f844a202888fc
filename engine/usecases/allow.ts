import { DomainError } from '../platform/errors.ts';
import type { ErrorToken } from '../rules/error-catalogue.ts';
import { type Denial, denialOf, type Permission } from '../rules/permissions.ts';
import type { Membership } from '../rules/types.ts';

/** Throws why a member may not do this by a call; a text to the group follows the same rule. */
export function allow(permission: Permission, membership: Membership): void {
  const denial = denialOf(permission, membership);
  if (denial !== null) throw new DomainError(tokens[denial]);
}

/** A member who has left is no member to a call. Whom the list of members is not for sees a shorter one. */
const tokens: Record<Denial, ErrorToken> = {
  LEFT: 'MEMBER_LOOKUP_FAILED',
  NOT_OWNER: 'NOT_OWNER',
  DISABLED_ADD: 'DISABLED_ADD',
  DISABLED_WHO: 'NOT_OWNER',
};
