/**
 * What happens in a group beside messages, and who of those who are there sees it: all, those who may list its `members`, its
 * `owner`, or the `readers` of the message that it is about. What it is about a member, that member sees.
 */
export const groupEventKinds = {
  joined: { type: 'member.joined', seenBy: 'members' },
  left: { type: 'member.left', seenBy: 'members' },
  renamed: { type: 'member.renamed', seenBy: 'members' },
  removed: { type: 'member.removed', seenBy: 'members' },
  changed: { type: 'group.changed', seenBy: 'all' },
  reacted: { type: 'message.reaction', seenBy: 'readers' },
  sent: { type: 'schedule.sent', seenBy: 'owner' },
  dropped: { type: 'schedule.dropped', seenBy: 'owner' },
} as const satisfies Record<string, { type: `${string}.${string}`; seenBy: 'all' | 'members' | 'owner' | 'readers' }>;

export type GroupEventKind = keyof typeof groupEventKinds;

/** One that is to be kept: about a membership, a message (its row) or a schedule, or which settings changed. */
export type NewGroupEvent = {
  kind: GroupEventKind;
  membershipId?: number | null;
  messageId?: number | null;
  scheduleId?: number;
  fields?: readonly string[];
};

/** One that was kept, as far as a rule needs it; `present`: the member who asks was there then. */
export type KeptGroupEvent = {
  kind: GroupEventKind;
  present: boolean;
  /** The membership that it is about, and whether it is the owner's. */
  subject: { id: number; owner: boolean } | null;
  message: ReadableMessage | null;
};
/** `listed`: whom one to a list is for; each of them was there. */
export type ReadableMessage = {
  id: number;
  senderId: number | null;
  toId: number | null;
  listed: readonly number[] | null;
};

/** What decides what a member sees: whether they may list all members, and in which ranges of message ids they were there. */
export type Viewer = {
  member: { id: number; runsIt: boolean };
  listsMembers: boolean;
  presence: readonly { after: number; upTo: number | null }[];
};

export function isEventFor(viewer: Viewer, { kind, present, subject, message }: KeptGroupEvent): boolean {
  const { member, listsMembers } = viewer;
  if (subject !== null && subject.id === member.id) return true;
  switch (groupEventKinds[kind].seenBy) {
    case 'owner':
      return member.runsIt;
    case 'readers':
      return message !== null && isReadable(viewer, message);
    case 'members':
      return present && (listsMembers || subject?.owner === true);
    case 'all':
      return present;
  }
}

/** As `/message/get` shows messages: one's own, and those for all or for oneself while one was there. */
export function isReadable(
  { member, presence }: Pick<Viewer, 'member' | 'presence'>,
  { id, senderId, toId, listed }: ReadableMessage,
): boolean {
  if (senderId === member.id || listed?.includes(member.id)) return true;
  if (toId !== null && toId !== member.id) return false;
  return presence.some(({ after, upTo }) => id > after && (upTo === null || id <= upTo));
}
