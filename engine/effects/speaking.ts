import type { Tx } from '../../db/connect.ts';
import { learnLanguage, setLanguage } from '../../db/people/people.ts';
import { raiseRostersOf } from '../delivery/opt-out.ts';
import type { Roster } from '../rules/types.ts';
import { type EffectHandlers, Stale } from './context.ts';

/** In which language somebody is texted. It is the person’s: the same in all their groups. */
export const speaking: EffectHandlers<'learnLanguage' | 'chooseLanguage'> = {
  async learnLanguage({ tx, act }, { language }) {
    const { personId } = act.by;
    if (await learnLanguage(tx, { personId, language })) await raiseRostersOf(tx, personId, act.roster?.group.id);
  },
  async chooseLanguage({ tx, act }, { language }) {
    const { personId } = act.by;
    await setLanguage(tx, { personId, language });
    await raiseRostersOf(tx, personId, act.roster?.group.id);
  },
};

/** What a member chose, as part of a change of the member. */
export async function changeLanguage(
  tx: Tx,
  { group, members }: Roster,
  { membershipId, language }: { membershipId: number; language: string | null },
): Promise<void> {
  const member = members.find(({ id }) => id === membershipId);
  if (member === undefined) throw new Stale();
  await setLanguage(tx, { personId: member.personId, language });
  await raiseRostersOf(tx, member.personId, group.id);
}
