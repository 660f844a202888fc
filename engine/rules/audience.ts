import { runsGroup } from './permissions.ts';
import type { Member, Roster } from './types.ts';

/** Whom a message of `sender` is for: null is everybody else, a number is that one membership. */
export function audienceOf(roster: Roster, sender: Member): number | null {
  if (!roster.group.replyToOwner || runsGroup(sender) || sender.broadcast) return null;
  return roster.members.find((member) => member.owner)?.id ?? null;
}

/** What they say to all goes out once an owner has approved it: they are a named speaker where replies go to the owner. */
export function needsApproval(roster: Roster, sender: Member): boolean {
  const { replyToOwner, broadcastApproval } = roster.group;
  return replyToOwner && broadcastApproval && sender.broadcast && !runsGroup(sender);
}

/** No text of the group goes to their phone, until they or their owner change that; a mute ends by itself. */
export function isSilent({ left, blocked, sms }: Member): boolean {
  return left || blocked || sms === 0;
}

/** `listed`: a message to a list is for these members, and kept as one to its sender. */
export type Message = {
  senderId: number | null;
  toId: number | null;
  cc: boolean;
  listed?: readonly number[] | null | undefined;
};
export const skipReasons = ['blocked', 'muted', 'sms'] as const;
export type SkipReason = (typeof skipReasons)[number];
export type Recipient = { member: Member; skip: SkipReason | null };

/**
 * The members that a message is for, in the order of their phones' ids, with the reason where nothing is sent to
 * one of them all the same. The sender gets it only with `cc`; who has left is not among them.
 */
export function recipientsOf(roster: Roster, message: Message, now: number): Recipient[] {
  return roster.members
    .filter((member) => isFor(member, message))
    .sort((a, b) => a.personId - b.personId)
    .map((member) => ({ member, skip: whyNotSent(member, now) }));
}

function isFor(member: Member, { senderId, toId, cc, listed }: Message): boolean {
  if (member.left) return false;
  if (member.id === senderId) return cc;
  if (listed != null) return listed.includes(member.id);
  return toId === null || member.id === toId;
}

function whyNotSent(member: Member, now: number): SkipReason | null {
  if (member.blocked) return 'blocked';
  if (member.sms === 0) return 'sms';
  if (member.mutedUntil !== null && member.mutedUntil > now) return 'muted';
  return null;
}
