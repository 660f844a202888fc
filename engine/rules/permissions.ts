import type { ErrorToken } from './error-catalogue.ts';
import type { Group } from './group-fields.ts';
import type { Member, Membership } from './types.ts';

/**
 * What a member can do in their group, by text or by call: one row each, so that both doors have one rule. `who` is
 * `all`, the `owner`, the `owners` (with co-owners), or all unless a setting of the group leaves it to the owners;
 * `otherwise` is why not, for the rest.
 * `afterBye` says who still can after leaving: all, the owner, or nobody until they come back.
 */
export const permissions = {
  readHelp: { who: 'all', afterBye: 'all' },
  leaveOrReturn: { who: 'all', afterBye: 'all' },
  listMembers: { who: { unless: 'disableWho' }, otherwise: 'DISABLED_WHO', afterBye: 'owner' },
  addMember: { who: { unless: 'disableAdd' }, otherwise: 'DISABLED_ADD', afterBye: 'nobody' },
  removeMember: { who: 'owners', otherwise: 'NOT_OWNER', afterBye: 'owner' },
  changeSelf: { who: 'all', afterBye: 'nobody' },
  changeMember: { who: 'owners', otherwise: 'NOT_OWNER', afterBye: 'owner' },
  say: { who: 'all', afterBye: 'nobody' },
  readMessages: { who: 'all', afterBye: 'nobody' },
  countMessages: { who: 'all', afterBye: 'nobody' },
  schedule: { who: 'owners', otherwise: 'NOT_OWNER', afterBye: 'nobody' },
  manageSchedules: { who: 'owners', otherwise: 'NOT_OWNER', afterBye: 'owner' },
  invite: { who: 'all', afterBye: 'nobody' },
  changeGroup: { who: 'owners', otherwise: 'NOT_OWNER', afterBye: 'owner' },
  endGroup: { who: 'owner', otherwise: 'NOT_OWNER', afterBye: 'owner' },
  offerGroup: { who: 'owner', otherwise: 'NOT_OWNER', afterBye: 'owner' },
  acceptGroup: { who: 'all', afterBye: 'nobody' },
  manageKeys: { who: 'owner', otherwise: 'NOT_OWNER', afterBye: 'owner' },
  readAccount: { who: 'owner', otherwise: 'NOT_OWNER', afterBye: 'owner' },
} as const satisfies Record<string, PermissionRow>;

export type Permission = keyof typeof permissions;
/** Why a member may not. `LEFT`: only after they have come back. */
export type Denial = 'LEFT' | 'DISABLED_WHO' | Extract<ErrorToken, 'NOT_OWNER' | 'DISABLED_ADD'>;

type PermissionRow = { afterBye: 'all' | 'owner' | 'nobody' } & (
  | { who: 'all'; otherwise?: never }
  | { who: 'owner' | 'owners' | { unless: FlagOf<Group> }; otherwise: Exclude<Denial, 'LEFT'> }
);
type FlagOf<T> = { [Name in keyof T]: T[Name] extends boolean ? Name : never }[keyof T];

/**
 * The owner, also after leaving, or a co-owner who is there. Co-owners may do what the owner may, but for what is the
 * owner’s alone: to end the group, hand it over or see its account, and nobody changes or removes the owner.
 */
export function runsGroup({ owner, coOwner, left }: Pick<Member, 'owner' | 'coOwner' | 'left'>): boolean {
  return owner || (coOwner && !left);
}

/**
 * Why this member may not do it now, or null. What is the owner’s alone is never for others, whether they have left or
 * not; of everything else a member who has left hears first that they have.
 */
export function denialOf(permission: Permission, { roster, member }: Membership): Denial | null {
  const { who, otherwise, afterBye }: PermissionRow = permissions[permission];
  if ((who === 'owner' && !member.owner) || (who === 'owners' && !runsGroup(member))) return otherwise ?? null;
  const isOpen = !member.left || afterBye === 'all' || (afterBye === 'owner' && member.owner);
  if (!isOpen) return 'LEFT';
  const isBarred = typeof who === 'object' && roster.group[who.unless] && !runsGroup(member);
  return isBarred ? (otherwise ?? null) : null;
}
