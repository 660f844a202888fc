import { type Db, run } from '../../../db/connect.ts';
import { makeGroups } from '../../bench/crowd.ts';
import { openSid } from '../crowd.ts';

/** A group in which a feature is used; all of its members have a session. The first is the owner. */
export type FeatureGroup = { id: number; number: string; players: readonly Player[] };
export type Player = { name: string; phone: string; sid: string };

/** How many members each group has. */
const SIZES = { polls: 5, bundles: 6, approvals: 5, hours: 4, reactions: 4 } as const;
export type FeatureName = keyof typeof SIZES;
export type FeatureGroups = Readonly<Record<FeatureName, FeatureGroup>>;

/** They have numbers of their own, from the `firstNumber`th of the pool on, so that with paces the load does not stand in their way. */
export const FEATURE_NUMBERS = Object.keys(SIZES).length;

export async function makeFeatureGroups(db: Db, firstNumber: number): Promise<FeatureGroups> {
  const sizes = Object.values(SIZES);
  const members = (at: number) => sizes[at] ?? 0;
  const made = await makeGroups(db, { groups: FEATURE_NUMBERS, members, firstNumber, name: 'Feature' });
  const groups = new Map<string, FeatureGroup>();
  for (const [at, name] of Object.keys(SIZES).entries()) {
    const { id = 0, number = '', phones = [] } = made[at] ?? {};
    const players: Player[] = [];
    for (const [place, phone] of phones.entries())
      players.push({ name: `Member ${place + 1}`, phone, sid: await openSid(db, phone) });
    groups.set(name, { id, number, players });
  }
  const groupOf = (name: FeatureName) => groups.get(name) ?? { id: 0, number: '', players: [] };
  const all = {
    polls: groupOf('polls'),
    bundles: groupOf('bundles'),
    approvals: groupOf('approvals'),
    hours: groupOf('hours'),
    reactions: groupOf('reactions'),
  };
  await setUp(db, all);
  return all;
}

/** No process has read their rosters yet. */
async function setUp(db: Db, { bundles, approvals, hours }: FeatureGroups): Promise<void> {
  await run(db, 'UPDATE `groups` SET batches = 1, hot = 1, bundling = 1 WHERE id = ?', [bundles.id]);
  await run(db, 'UPDATE `groups` SET reply_to_owner = 1, broadcast_approval = 1 WHERE id = ?', [approvals.id]);
  await run(db, "UPDATE memberships SET co_owner = 1 WHERE group_id = ? AND name = 'Member 2'", [approvals.id]);
  await run(db, "UPDATE memberships SET broadcast = 1 WHERE group_id = ? AND name IN ('Member 3', 'Member 4')", [
    approvals.id,
  ]);
  await run(db, "UPDATE `groups` SET reply_to_owner = 1, hours = '8-21' WHERE id = ?", [hours.id]);
}
