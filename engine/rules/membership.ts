import type { ErrorToken } from './error-catalogue.ts';
import { type Language, languageOf } from './languages/language.ts';
import type { MemberChange, MemberPatch } from './member-fields.ts';
import { nameKey } from './names.ts';
import { denialOf } from './permissions.ts';
import type { Member, Membership, Roster } from './types.ts';

/** Somebody who is to become a member: what is known of the phone. */
export type Newcomer = { name: string | null; phone: string; ours: boolean; blocked: boolean };

/** Why somebody cannot become a member. */
const joinErrors = {
  GROUP_FLIER_NUMBER: (_, { ours }) => ours,
  BLOCKED_NUMBER: (_, { blocked }) => blocked,
  DUP_NUMBER: ({ members }, { phone }) => members.some((member) => member.phone === phone),
  DUP_NAME: (roster, { name }) => name !== null && findByName(roster, name) !== undefined,
  TOO_MANY_MEMBERS: (roster, _, max) => isFull(roster, max),
} as const satisfies Partial<Record<ErrorToken, (roster: Roster, newcomer: Newcomer, max: number) => boolean>>;

export type JoinError = keyof typeof joinErrors;

/** Which of several reasons wins: for who is added, as /member/add has it; for who joins, as /group/join has it. */
const orders: Record<'added' | 'joins', readonly JoinError[]> = {
  added: ['GROUP_FLIER_NUMBER', 'BLOCKED_NUMBER', 'DUP_NUMBER', 'DUP_NAME', 'TOO_MANY_MEMBERS'],
  joins: ['TOO_MANY_MEMBERS', 'GROUP_FLIER_NUMBER', 'BLOCKED_NUMBER', 'DUP_NUMBER', 'DUP_NAME'],
};

/** Why somebody cannot become a member, or null. */
export function findJoinError(
  roster: Roster,
  newcomer: Newcomer,
  { max, joins }: { max: number; joins: boolean },
): JoinError | null {
  return orders[joins ? 'joins' : 'added'].find((token) => joinErrors[token](roster, newcomer, max)) ?? null;
}

/** Members who have left do not count; coming back may go over the limit. */
export function isFull(roster: Roster, max: number): boolean {
  return countPresent(roster) >= max;
}

export function countPresent({ members }: Roster): number {
  return members.filter(({ left }) => !left).length;
}

/** The owner has left, or gets no texts from us. */
export function isOwnerLost({ members }: Roster): boolean {
  return members.some(({ owner, left, blocked }) => owner && (left || blocked));
}

/** In which language a member is texted. */
export function languageOfMember({ roster, member }: Membership): Language {
  return languageOf({ own: member.language, group: roster.group.language });
}

/** In which language the owner is texted. */
export function languageOfOwner({ group, members }: Roster): Language {
  const owner = members.find((member) => member.owner);
  return languageOf({ own: owner?.language ?? null, group: group.language });
}

/** The members that a member is shown: all, or with `disableWho` and after leaving themself and the owner alone. */
export function membersShownTo(membership: Membership): readonly Member[] {
  const { members } = membership.roster;
  if (denialOf('listMembers', membership) === null) return members;
  return members.filter((member) => member.owner || member.id === membership.member.id);
}

/**
 * Who is asked to take over a group whose owner is lost: of its co-owners, or else of those who may text all of it, the
 * one who came first.
 */
export function findHeir({ members }: Roster): Member | undefined {
  const there = members.filter(({ left, blocked, owner }) => !left && !blocked && !owner).sort((a, b) => a.id - b.id);
  return there.find(({ coOwner }) => coOwner) ?? there.find(({ broadcast }) => broadcast);
}

export function findByName({ members }: Roster, name: string): Member | undefined {
  const key = nameKey(name);
  return members.find((member) => member.name !== null && nameKey(member.name) === key);
}

export function findByPhone({ members }: Roster, phone: string): Member | undefined {
  return members.find((member) => member.phone === phone);
}

/**
 * What a change makes of a member, or the token that refuses it. Only owners change others, broadcast and who is a
 * co-owner, and none of them the owner, who needs no co-ownership (BAD_REQUEST); of another member’s texts an owner may turn them off, or back to what that member chose. Texts and calls meet here.
 */
export function planMember(
  membership: Membership,
  member: Member,
  change: MemberChange,
): MemberPatch | 'NOT_OWNER' | 'NAME_IN_USE' | 'INVALID_SMS_STATE' | 'INVALID_BROADCAST' | 'BAD_REQUEST' {
  const { roster, member: by } = membership;
  const isSelf = by.id === member.id;
  if (member.owner && !isSelf) return 'NOT_OWNER';
  const mayChangeOthers = denialOf('changeMember', membership) === null;
  if (!isSelf && !mayChangeOthers) return 'NOT_OWNER';
  const namesake = change.name === undefined ? undefined : findByName(roster, change.name);
  if (namesake !== undefined && namesake.id !== member.id) return 'NAME_IN_USE';
  if (change.sms !== undefined && !isSelf && change.sms !== 0 && change.sms !== member.smsChosen)
    return 'INVALID_SMS_STATE';
  if (change.coOwner !== undefined && !mayChangeOthers) return 'NOT_OWNER';
  if ((change.batch !== undefined || change.language !== undefined) && !isSelf) return 'NOT_OWNER';
  if (change.coOwner === true && member.owner) return 'BAD_REQUEST';
  if (change.broadcast !== undefined && !mayChangeOthers) return 'INVALID_BROADCAST';
  return { ...change, ...(change.sms !== undefined && isSelf ? { smsChosen: change.sms } : {}) };
}

/** Takes a member off the roster, or says why not: nobody removes themself, they leave, and nobody removes the owner. */
export function planRemoval(
  { member: by }: Membership,
  member: Member | undefined,
): { kind: 'remove'; membershipId: number } | 'NOT_SELF' | 'NOT_OWNER' | 'NOT_FOUND' {
  if (member === undefined) return 'NOT_FOUND';
  if (member.owner && member.id !== by.id) return 'NOT_OWNER';
  return member.id === by.id ? 'NOT_SELF' : { kind: 'remove', membershipId: member.id };
}
