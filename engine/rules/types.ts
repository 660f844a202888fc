import { shapeOf } from './fields.ts';
import { type Group, groupFields, groupIdentity } from './group-fields.ts';
import { type Member, memberFields } from './member-fields.ts';
import type { Reaction } from './reactions.ts';

/** The plain values that rules decide on. */

export type { Group } from './group-fields.ts';
export type { Member } from './member-fields.ts';

/** A frozen picture of a group and its members at one version; removed members are not in it. */
export type Roster = { group: Group; members: readonly Member[] };

/** The shape of a roster; a cached one of another shape is not used. */
export const ROSTER_SHAPE = shapeOf(groupIdentity, groupFields, memberFields);

/** A member in their group. */
export type Membership = { roster: Roster; member: Member };

/** What somebody wants heard, as it came in by text or by call; `reaction` where it reads as one to a message. */
export type Said = { text: string; media: readonly string[]; cc: boolean; reaction: Reaction | null };
