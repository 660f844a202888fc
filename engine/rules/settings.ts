import type { Group, GroupChange, GroupPatch } from './group-fields.ts';

/**
 * What an input makes of a group, or the token that refuses it. A public group has a name, a description and an
 * invite code: it gets `newCode` where it has none, and loses none of the three while it is public.
 */
export function planChange(group: Group, input: GroupChange, newCode: string): GroupPatch | 'CANT_MAKE_PUBLIC' {
  const { name, ...rest } = input;
  const isPublic = input.isPublic ?? group.isPublic;
  const description = input.description === undefined ? group.description : input.description;
  const inviteCode = input.inviteCode === undefined ? group.inviteCode : input.inviteCode;
  if (isPublic && (name === '' || description === null || input.inviteCode === null)) return 'CANT_MAKE_PUBLIC';
  return {
    ...rest,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(isPublic && inviteCode === null ? { inviteCode: newCode } : {}),
  };
}
