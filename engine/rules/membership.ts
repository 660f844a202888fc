import type { MemberChange, MemberPatch } from './member-fields.ts';
import { nameKey } from './names.ts';
import type { Member, Roster } from './types.ts';

/** Somebody who is to become a member: what is known of the phone. */
export type Newcomer = { name: string | null; phone: string; ours: boolean; blocked: boolean };

const obstacles = {
  GROUP_FLIER_NUMBER: (_, { ours }) => ours,
  BLOCKED_NUMBER: (_, { blocked }) => blocked,
  DUP_NUMBER: ({ members }, { phone }) => members.some((member) => member.phone === phone),
  DUP_NAME: (roster, { name }) => name !== null && findByName(roster, name) !== undefined,
  TOO_MANY_MEMBERS: (roster, _, max) => isFull(roster, max),
} as const satisfies Record<string, (roster: Roster, newcomer: Newcomer, max: number) => boolean>;

export type Obstacle = keyof typeof obstacles;

/** Why somebody cannot become a member, or null; of several reasons the first of `order`, each call’s own. */
export function findObstacle(
  roster: Roster,
  newcomer: Newcomer,
  { max, order }: { max: number; order: readonly Obstacle[] },
): Obstacle | null {
  return order.find((token) => obstacles[token](roster, newcomer, max)) ?? null;
}

/** Who has left has no seat; coming back may go over the limit. */
export function isFull(roster: Roster, max: number): boolean {
  return countPresent(roster) >= max;
}

export function countPresent({ members }: Roster): number {
  return members.filter(({ left }) => !left).length;
}

/** Who takes over a group whose owner is lost: of those who may text all of it, the one who came first. */
export function findHeir({ members }: Roster): Member | undefined {
  return members
    .filter(({ broadcast, left, blocked, owner }) => broadcast && !left && !blocked && !owner)
    .reduce<Member | undefined>((first, next) => (first === undefined || next.id < first.id ? next : first), undefined);
}

export function findByName({ members }: Roster, name: string): Member | undefined {
  const key = nameKey(name);
  return members.find((member) => member.name !== null && nameKey(member.name) === key);
}

export function findByPhone({ members }: Roster, phone: string): Member | undefined {
  return members.find((member) => member.phone === phone);
}

/**
 * What an input changes, or the token that refuses it. Only the owner changes others, and broadcast; of another
 * member’s texts an owner may turn them off, or back to what that member chose.
 */
export function planMember(
  { roster, by, member }: { roster: Roster; by: Member; member: Member },
  input: MemberChange,
): MemberPatch | 'NOT_OWNER' | 'NAME_IN_USE' | 'INVALID_SMS_STATE' | 'INVALID_BROADCAST' {
  const isSelf = by.id === member.id;
  if (!isSelf && !by.owner) return 'NOT_OWNER';
  const namesake = input.name === undefined ? undefined : findByName(roster, input.name);
  if (namesake !== undefined && namesake.id !== member.id) return 'NAME_IN_USE';
  if (input.sms !== undefined && !isSelf && input.sms !== 0 && input.sms !== member.smsChosen)
    return 'INVALID_SMS_STATE';
  if (input.broadcast !== undefined && !by.owner) return 'INVALID_BROADCAST';
  return { ...input, ...(input.sms !== undefined && isSelf ? { smsChosen: input.sms } : {}) };
}
