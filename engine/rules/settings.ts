import type { Group } from './types.ts';

/** Settings as an owner asks for them; null takes a value away, an empty name is no name. */
export type GroupChange = Partial<{
  name: string;
  notifyOnAdd: boolean;
  replyToOwner: boolean;
  disableWho: boolean;
  disableAdd: boolean;
  inviteCode: string | null;
  isPublic: boolean;
  digest: boolean;
  description: string | null;
}>;

/**
 * What a change makes of a group, or the token that refuses it. A public group has a name, a description and an
 * invite code: it gets `newCode` where it has none, and loses none of the three while it is public.
 */
export function planChange(group: Group, change: GroupChange, newCode: string): GroupChange | 'CANT_MAKE_PUBLIC' {
  const { name, ...rest } = change;
  const isPublic = change.isPublic ?? group.isPublic;
  const description = change.description === undefined ? group.description : change.description;
  const inviteCode = change.inviteCode === undefined ? group.inviteCode : change.inviteCode;
  if (isPublic && (name === '' || description === null || change.inviteCode === null)) return 'CANT_MAKE_PUBLIC';
  return {
    ...rest,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(isPublic && inviteCode === null ? { inviteCode: newCode } : {}),
  };
}
