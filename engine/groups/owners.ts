import { openAccount } from '../../db/billing/accounts.ts';
import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { raiseVersion } from '../../db/groups/group-changes.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { dropOffers, findOwnerless, setOwner } from '../../db/groups/owner-offers.ts';
import { type SystemMessage, startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { findHeir } from '../rules/membership.ts';
import { texts } from '../rules/texts.ts';
import type { Member, Roster } from '../rules/types.ts';
import { addressOf } from './welcome.ts';

/**
 * Gives groups whose owner has been blocked or gone for 7 days to the member who has been able to text the whole group
 * for the longest; without such a member a group stays as it is. Tells everybody. Returns how many groups it looked at.
 */
export async function replaceLostOwners(runtime: Runtime, at?: Date): Promise<number> {
  const now = at ?? (await readClock(runtime.db));
  const groupIds = await findOwnerless(runtime.db, new Date(now.getTime() - LOST_MS));
  for (const groupId of groupIds) {
    const ids = await transact(runtime.db, async (tx) =>
      writeSystemMessages(tx, await replace(runtime, tx, groupId, now), now),
    );
    await startSystemMessages(runtime, ids);
  }
  return groupIds.length;
}

/**
 * Makes a member the owner, whose account pays from now on; they get a trial account where they have none. In the
 * caller's transaction, under the group's lock and with the roster's version raised. Returns what everybody is told.
 */
export async function handOver(
  runtime: Runtime,
  tx: Tx,
  { roster, heir, why, now }: { roster: Roster; heir: Member; why: 'accepted' | 'lost'; now: Date },
): Promise<SystemMessage[]> {
  const { group, members } = roster;
  await setOwner(tx, { groupId: group.id, ownerId: heir.personId });
  await dropOffers(tx, group.id);
  await openAccount(tx, { personId: heir.personId, trial: runtime.config.TRIAL_BALANCE, email: null, now });
  const others = members.filter((member) => member.id !== heir.id && (!member.left || member.owner));
  const put = { who: heir.name ?? heir.phone, group: group.name };
  const news = why === 'lost' ? texts.ownerLost(put) : texts.newOwner(put);
  return [
    { groupId: group.id, text: texts.nowYours(put), to: [addressOf(heir)], urgent: true },
    { groupId: group.id, text: news, to: others.map(addressOf), urgent: false },
  ];
}

const LOST_MS = 7 * 86_400_000;

/** Checks again under the lock: the owner may be back, or another process was faster. */
async function replace(runtime: Runtime, tx: Tx, groupId: number, now: Date): Promise<SystemMessage[]> {
  const locked = await lockGroup(tx, groupId);
  if (locked?.state !== 'active') return [];
  const roster = await runtime.rosters.read({ ...locked, groupId });
  const owner = roster.members.find((member) => member.owner);
  const heir = findHeir(roster);
  if (heir === undefined || owner === undefined || !(owner.left || owner.blocked)) return [];
  await raiseVersion(tx, [groupId]);
  return handOver(runtime, tx, { roster, heir, why: 'lost', now });
}
