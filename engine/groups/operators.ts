import { type Sql, type Tx, transact } from '../../db/connect.ts';
import { endGroup, patchGroup, raiseVersion } from '../../db/groups/group-changes.ts';
import { insertGroupEvents } from '../../db/groups/group-events.ts';
import { lockGroup, readGroup } from '../../db/groups/groups.ts';
import { readMemberships } from '../../db/groups/memberships.ts';
import { putOffer } from '../../db/groups/owner-offers.ts';
import { insertConsents } from '../../db/people/consents.ts';
import { writeOperatorMessages } from '../delivery/system-messages.ts';
import type { Config } from '../platform/config.ts';
import { toRoster } from '../platform/roster-drawing.ts';
import { texts } from '../rules/texts.ts';
import type { Roster } from '../rules/types.ts';
import { handOver, OFFER_MS } from './owners.ts';
import { addressOf } from './welcome.ts';

/*
 * What an operator does to a group, on the database alone: it needs no queue, the sweeper finds what is to be sent.
 */

/** Takes no more of what is said in it, or takes it again. False where that is so already, or the group is not active. */
export async function setPaused(sql: Sql, { groupId, paused }: { groupId: number; paused: boolean }): Promise<boolean> {
  return transact(sql, async (tx) => {
    const roster = await lockRoster(tx, groupId);
    if (roster === null || roster.group.paused === paused) return false;
    await patchGroup(tx, { groupId, patch: { paused } });
    await raiseVersion(tx, [groupId]);
    await insertGroupEvents(tx, groupId, { events: [{ kind: 'changed', fields: ['suspended'] }], now: new Date() });
    return true;
  });
}

/** Ends a group; its members get one text. Returns how many, null where it is not active. */
export async function closeGroup(sql: Sql, { groupId, now }: { groupId: number; now: Date }): Promise<number | null> {
  return transact(sql, async (tx) => {
    const roster = await lockRoster(tx, groupId);
    if (roster === null) return null;
    const { group, members } = roster;
    await raiseVersion(tx, [groupId]);
    await endGroup(tx, { groupId, now });
    const to = members.filter(({ left }) => !left).map(addressOf);
    const text = () => texts.groupClosed({ group: group.name });
    await writeOperatorMessages(tx, [{ groupId, text, to, urgent: false }], now);
    return to.length;
  });
}

export type NewOwner = { groupId: number; personId: number; agreed: boolean; reason: string | null; now: Date };

/**
 * Asks a member whether they take the group over; with `agreed`, because that is on record, they own it at once. Returns why
 * that is not possible, or null.
 */
export async function giveGroupTo(
  sql: Sql,
  { groupId, personId, agreed, reason, now }: NewOwner,
  config: Pick<Config, 'TRIAL_BALANCE'>,
): Promise<'no group' | 'no member' | 'has left' | 'owns it' | null> {
  return transact(sql, async (tx) => {
    const roster = await lockRoster(tx, groupId);
    if (roster === null) return 'no group';
    const { group, members } = roster;
    const heir = members.find((member) => member.personId === personId);
    if (heir === undefined) return 'no member';
    if (heir.owner) return 'owns it';
    if (heir.left) return 'has left';
    if (agreed) {
      await raiseVersion(tx, [groupId]);
      const said = { kind: 'consent', about: 'ownership', way: 'operator', wording: reason } as const;
      const nothing = { numberId: null, byId: null, asked: null, carrierId: null };
      await insertConsents(tx, [{ ...said, ...nothing, personId, groupId }], now);
      await writeOperatorMessages(tx, await handOver({ config }, tx, { roster, heir, lost: false, now }), now);
      return null;
    }
    const expiresAt = new Date(now.getTime() + OFFER_MS);
    await putOffer(tx, { groupId, membershipId: heir.id, by: group.ownerPersonId, lost: false, now, expiresAt });
    const text = () => texts.offerByUs({ group: group.name });
    const asks = { about: 'ownership', groupId, wording: text } as const;
    await writeOperatorMessages(tx, [{ groupId, text, to: [addressOf(heir)], urgent: true, asks }], now);
    return null;
  });
}

/** The roster of an active group as it is, under the group's lock; null where there is none. */
async function lockRoster(tx: Tx, groupId: number): Promise<Roster | null> {
  const locked = await lockGroup(tx, groupId);
  const group = locked?.state === 'active' ? await readGroup(tx, groupId) : undefined;
  if (group === undefined) return null;
  const members = await readMemberships(tx, [{ groupId, version: null }]);
  return toRoster(
    group,
    members.filter(({ live }) => live === 1),
  );
}
