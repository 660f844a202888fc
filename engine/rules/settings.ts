import type { Group, GroupChange, GroupPatch } from './group-fields.ts';

/**
 * What a change makes of a group, or the token that refuses it. A public group has a name, a description and an
 * invite code: it gets `newCode` where it has none, and loses none of the three while it is public.
 */
export function planChange(group: Group, change: GroupChange, newCode: string): GroupPatch | 'CANT_MAKE_PUBLIC' {
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
