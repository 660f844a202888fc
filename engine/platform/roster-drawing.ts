import type { Db } from '../../db/connect.ts';
import { type GroupRow, readGroups } from '../../db/groups/groups.ts';
import { type MembershipRow, readMemberships } from '../../db/groups/memberships.ts';
import type { Member, Roster } from '../rules/types.ts';
import { batched } from './batch.ts';
import { type Failed, togetherOrAlone } from './together.ts';

export type RosterAt = { groupId: number; version: number; tag: number };

/**
 * Draws rosters from MySQL. Those that are asked for in the same moment, or while others are drawn, take two statements together:
 * a morning on which a thousand groups text for the first time is no thousand times two. Where that was slow or failed, as with
 * groups that are too large for it, each is drawn alone for a while.
 */
export function openRosterDrawing(db: Db): (at: RosterAt) => Promise<Roster> {
  let aloneUntil = 0;

  async function drawSome(all: readonly RosterAt[]): Promise<(Roster | Failed)[]> {
    if (all.length === 1 || performance.now() < aloneUntil) return Promise.all(all.map((at) => drawOne(at)));
    const startedAt = performance.now();
    // A statement draws one version of a group.
    const once = [...new Map(all.map((at) => [at.groupId, at])).values()];
    const some = await togetherOrAlone(once, (these) => draw(db, these));
    if (performance.now() - startedAt > SLOW_MS) aloneUntil = performance.now() + ALONE_MS;
    const drawn = new Map(once.map((at, place) => [at, some[place] as Roster | Failed]));
    return Promise.all(all.map((at) => drawn.get(at) ?? drawOne(at)));
  }
  async function drawOne(at: RosterAt): Promise<Roster | Failed> {
    const [drawn] = await togetherOrAlone([at], (these) => draw(db, these));
    return drawn as Roster | Failed;
  }

  const { add } = batched<RosterAt, Roster | Failed>({ max: DRAWN_AT_ONCE, lingerMs: 0, flush: drawSome });
  return async (at) => {
    const drawn = await add(at);
    if ('error' in drawn) throw drawn.error;
    return drawn;
  };
}

const DRAWN_AT_ONCE = 16;
/** Of the time that a statement has. */
const SLOW_MS = 300;
const ALONE_MS = 10_000;

async function draw(db: Db, all: readonly RosterAt[]): Promise<Roster[]> {
  const groupIds = all.map(({ groupId }) => groupId);
  const [groups, members] = await Promise.all([readGroups(db, groupIds), readMemberships(db, all)]);
  const membersOf = new Map<number, MembershipRow[]>(groupIds.map((id) => [id, []]));
  for (const member of members) membersOf.get(member.groupId)?.push(member);
  return all.map(({ groupId, version, tag }) => {
    const group = groups.find(({ id }) => id === groupId);
    if (group === undefined) throw new Error(`group ${groupId} has no row`);
    return toRoster({ ...group, version, tag }, membersOf.get(groupId) ?? []);
  });
}

export function toRoster({ state: _, ownerId, ...group }: GroupRow, members: readonly MembershipRow[]): Roster {
  return { group: { ...group, ownerPersonId: ownerId }, members: members.map((member) => toMember(member, ownerId)) };
}

function toMember({ groupId: _, live: __, version: ___, ...member }: MembershipRow, ownerId: number): Member {
  return { ...member, owner: member.personId === ownerId };
}
