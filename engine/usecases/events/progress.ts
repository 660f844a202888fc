import type { GroupPlace } from '../../../db/groups/group-events.ts';
import type { Belonging, GroupProgress } from '../../../db/groups/group-progress.ts';

/** How far a reader's groups had come when they read, and which groups those were: where one differs, there is news. */
export type Progress = { groupIds: readonly number[]; groups: string; belonging: string };

/** Of all of a person's groups, also of those that a key of theirs does not reach: one may become theirs. */
export function progressOf(places: readonly GroupPlace[]): Progress {
  const groups = new Map(places.map((place) => [place.groupId, place]));
  const groupIds = [...groups.keys()];
  const last = places.at(-1);
  return {
    groupIds,
    groups: markOfGroups(groupIds, groups),
    belonging: last === undefined ? NOWHERE : markOfBelonging({ ...last, count: places.length }),
  };
}

export function markOfGroups(
  groupIds: readonly number[],
  groups: ReadonlyMap<number, Omit<GroupProgress, 'groupId'>>,
): string {
  return groupIds.map((groupId) => markOf(groups.get(groupId))).join(' ');
}

function markOf(group: Omit<GroupProgress, 'groupId'> | undefined): string {
  return group === undefined ? 'gone' : `${group.ownerId}-${group.lastMessageId}-${group.lastEventId}`;
}

/** Who goes from a group is seen by that group's progress: their number and the newest tell who came into another. */
export function markOfBelonging(belonging: Omit<Belonging, 'personId'> | undefined): string {
  if (belonging === undefined) return NOWHERE;
  const { count, membershipId, timesLow } = belonging;
  return `${count}-${membershipId}-${timesLow}`;
}

const NOWHERE = '';
