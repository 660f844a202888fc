import { openAccount } from '../../db/billing/accounts.ts';
import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { insertGroupEvents } from '../../db/groups/group-events.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { dropOffers, findOwnerless, putOffer, setOwner } from '../../db/groups/owner-offers.ts';
import { type SystemMessage, startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import type { Config } from '../platform/config.ts';
import type { Runtime } from '../platform/runtime.ts';
import { findHeir, isOwnerLost } from '../rules/membership.ts';
import { texts } from '../rules/texts.ts';
import type { Member, Roster } from '../rules/types.ts';
import { addressOf } from './welcome.ts';

/**
 * Asks, for groups whose owner has been blocked or gone for 7 days, the first co-owner, or the member who has been able to
 * text the whole group for the longest, whether they take it over; without such a member, or a YES, a group stays as it is. Returns how many
 * groups it looked at.
 */
export async function askHeirs(runtime: Runtime, at?: Date): Promise<number> {
  const now = at ?? (await readClock(runtime.db));
  const groupIds = await findOwnerless(runtime.db, { before: new Date(now.getTime() - LOST_MS), now });
  for (const groupId of groupIds) {
    const ids = await transact(runtime.db, async (tx) =>
      writeSystemMessages(runtime, tx, {
        cause: { by: 'system' },
        messages: await askHeir(runtime, tx, groupId, now),
        now,
      }),
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
  { config }: { config: Pick<Config, 'TRIAL_BALANCE'> },
  tx: Tx,
  { roster, heir, lost, now }: { roster: Roster; heir: Member; lost: boolean; now: Date },
): Promise<SystemMessage[]> {
  const { group, members } = roster;
  await setOwner(tx, { groupId: group.id, ownerId: heir.personId });
  await dropOffers(tx, group.id);
  await insertGroupEvents(tx, group.id, { events: [{ kind: 'changed', fields: ['owner'] }], now });
  await openAccount(tx, { personId: heir.personId, trial: config.TRIAL_BALANCE, email: null, now });
  const others = members.filter((member) => member.id !== heir.id && (!member.left || member.owner));
  const put = { who: heir.name ?? heir.phone, group: group.name };
  const news = () => (lost ? texts.ownerLost(put) : texts.newOwner(put));
  return [
    { groupId: group.id, text: () => texts.nowYours(put), to: [addressOf(heir)], urgent: true },
    { groupId: group.id, text: news, to: others.map(addressOf), urgent: false },
  ];
}

/** From the contract: how long a member has to answer. */
export const OFFER_MS = 72 * 3_600_000;
const LOST_MS = 7 * 86_400_000;

/** Checks again under the lock: the owner may be back, or another process was faster. */
async function askHeir(runtime: Runtime, tx: Tx, groupId: number, now: Date): Promise<SystemMessage[]> {
  const locked = await lockGroup(tx, groupId);
  if (locked?.state !== 'active') return [];
  const before = new Date(now.getTime() - LOST_MS);
  if ((await findOwnerless(tx, { before, now, groupId })).length === 0) return [];
  const roster = await runtime.rosters.read({ ...locked, groupId });
  const heir = findHeir(roster);
  if (heir === undefined || !isOwnerLost(roster)) return [];
  const expiresAt = new Date(now.getTime() + OFFER_MS);
  await putOffer(tx, { groupId, membershipId: heir.id, by: roster.group.ownerPersonId, lost: true, now, expiresAt });
  const text = () => texts.offerLost({ group: roster.group.name });
  const asks = { about: 'ownership', groupId, wording: text } as const;
  return [{ groupId, text, to: [addressOf(heir)], urgent: false, asks }];
}
