import type { Member, Roster } from './types.ts';

/** Somebody who became a member, added by a member or by joining (null). */
export type Newcomer = { membershipId: number; byId: number | null };
export type TellNewcomer = { who: Member; by: Member | null };

/**
 * Whom each member hears of: of those who came after them and whom they did not add. Who has left neither hears nor is
 * told of. Members who hear of the same newcomers share a row.
 */
export function shareNews(
  { members }: Roster,
  newcomers: readonly Newcomer[],
): { told: TellNewcomer[]; to: Member[] }[] {
  const present = new Map(members.filter(({ left }) => !left).map((member) => [member.id, member]));
  const arrived = newcomers.flatMap(({ membershipId, byId }) => {
    const who = present.get(membershipId);
    return who === undefined ? [] : [{ who, by: members.find(({ id }) => id === byId) ?? null, byId }];
  });
  const shares = new Map<string, { told: TellNewcomer[]; to: Member[] }>();
  for (const member of present.values()) {
    const told = arrived.filter(({ who, byId }) => who.id > member.id && byId !== member.id);
    if (told.length === 0) continue;
    const key = told.map(({ who }) => who.id).join(' ');
    const share = shares.get(key) ?? { told: told.map(({ who, by }) => ({ who, by })), to: [] };
    share.to.push(member);
    shares.set(key, share);
  }
  return [...shares.values()];
}
