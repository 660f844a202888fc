import { isDuplicate, type Tx } from '../db/connect.ts';
import { activateGroup, endGroup, patchGroup, takeMessageId } from '../db/groups.ts';
import { endMembership, insertMemberships, markBack, markLeft, patchMembership } from '../db/memberships.ts';
import { insertMessage } from '../db/messages.ts';
import { ourNumbersAmong } from '../db/numbers.ts';
import { isFirstToday, meetPeople, rememberName, setBlocked } from '../db/people.ts';
import { ownerNotices, raiseRostersOf } from './block.ts';
import { Refusal } from './errors.ts';
import type { Notice } from './notices.ts';
import { assignNumber } from './numbers.ts';
import type { Act } from './perform.ts';
import type { Effect } from './rules/effects.ts';
import { findObstacle } from './rules/membership.ts';
import { nameKey } from './rules/names.ts';
import { texts } from './rules/texts.ts';
import type { Member, Roster } from './rules/types.ts';
import type { Runtime } from './runtime.ts';
import { addressOf, welcomeAll, welcomeOne } from './welcome.ts';

/** What the performers of one act share. The group, where there is one, is locked at the roster that was decided on. */
export type Context = {
  runtime: Runtime;
  tx: Tx;
  act: Act;
  /** The roster that was decided on, with what the effects before this one changed of the group. */
  roster: Roster | null;
  /** The roster's version once this act is done. */
  version: number;
  notices: Notice[];
  messageIds: number[];
};

/** The group is not what it was when the act was decided. */
export class Stale extends Error {}

/** How each effect becomes writes. A refusal, like any error, undoes the whole act. */
export const performers: {
  [Kind in Effect['kind']]: (context: Context, effect: Extract<Effect, { kind: Kind }>) => Promise<void>;
} = {
  async say({ tx, act, messageIds }, effect) {
    const { group } = rosterOf(act);
    const messageId = await takeMessageId(tx, { groupId: group.id, version: group.version });
    if (messageId === null) throw new Stale();
    const said = {
      ...effect,
      groupId: group.id,
      messageId,
      senderId: act.by.membershipId,
      version: group.version,
      now: act.now,
    };
    messageIds.push(await insertMessage(tx, said));
  },
  async answer({ act, notices }, { text, anyway }) {
    notices.push({ ...toSender(act, text), anyway: anyway ?? false });
  },
  async hint({ tx, act, notices }, { subject, text }) {
    if (await isFirstToday(tx, { personId: act.by.personId, subject, now: act.now })) notices.push(toSender(act, text));
  },
  async leave({ tx, act, version }) {
    await markLeft(tx, { membershipId: senderOf(act).id, version, now: act.now });
  },
  async return({ tx, act, version }) {
    await markBack(tx, { membershipId: senderOf(act).id, version, now: act.now });
  },
  async activate({ tx, act, roster: settled, notices }) {
    const roster = settled ?? rosterOf(act);
    if (!(await activateGroup(tx, { groupId: roster.group.id, now: act.now }))) throw new Stale();
    notices.push(...welcomeAll(roster));
  },
  async block({ tx, act, notices }) {
    await setBlocked(tx, act.by.personId, act.now);
    await raiseRostersOf(tx, act.by.personId);
    notices.push(...(await ownerNotices(tx, act.by.personId)));
  },
  async unblock({ tx, act }) {
    await setBlocked(tx, act.by.personId, null);
    await raiseRostersOf(tx, act.by.personId);
  },
  async add({ runtime, tx, act, version, notices }, { name, phone, joins, order }) {
    const roster = rosterOf(act);
    const person = (await meetPeople(tx, [phone], act.now)).get(phone);
    if (person === undefined) throw new Stale();
    const ours = (await ourNumbersAmong(tx, [phone])).has(phone);
    const newcomer = { name, phone, ours, blocked: person.blockedAt !== null };
    const obstacle = findObstacle(roster, newcomer, { max: runtime.config.MAX_MEMBERS, order });
    if (obstacle !== null) throw new Refusal(obstacle);
    const { id: groupId } = roster.group;
    const numberId = await assignNumber(runtime, tx, { personId: person.id, roster, now: act.now });
    const members = [{ groupId, personId: person.id, numberId, name, nameKey: name === null ? null : nameKey(name) }];
    const [membershipId = null] = await insertMemberships(tx, { members, fromVersion: version, now: act.now });
    if (joins && name !== null) await rememberName(tx, { personId: person.id, name });
    const to = { personId: person.id, membershipId, numberId };
    notices.push(...welcomeOne(roster, { to, who: name ?? phone, by: joins ? null : senderOf(act) }));
  },
  async remove({ tx, act, version }, { membershipId }) {
    await endMembership(tx, { membershipId, version, now: act.now });
  },
  async setMember({ tx }, { membershipId, patch }) {
    const { name } = patch;
    await patchMembership(tx, {
      membershipId,
      patch: { ...patch, ...(name === undefined ? {} : { nameKey: nameKey(name) }) },
    });
  },
  async setGroup(context, { patch }) {
    const roster = rosterOf(context.act);
    try {
      await patchGroup(context.tx, { groupId: roster.group.id, patch });
    } catch (error) {
      throw isDuplicate(error, 'groups_invite') ? new Refusal('USED_INVITE_CODE') : error;
    }
    context.roster = { ...roster, group: { ...roster.group, ...patch } };
  },
  async endGroup({ tx, act, notices }) {
    const { group, members } = rosterOf(act);
    await endGroup(tx, { groupId: group.id, now: act.now });
    const others = members.filter((member) => !member.left && member.id !== act.by.membershipId);
    notices.push({
      groupId: group.id,
      text: texts.groupEnded({ group: group.name }),
      to: others.map(addressOf),
      urgent: false,
    });
  },
};

function toSender({ by, roster }: Act, text: string): Notice {
  return { groupId: roster?.group.id ?? null, text, to: [by], urgent: true };
}

function rosterOf({ roster }: Act): Roster {
  if (roster === null) throw new Error('an effect on a group was decided without one');
  return roster;
}

function senderOf(act: Act): Member {
  const member = rosterOf(act).members.find(({ id }) => id === act.by.membershipId);
  if (member === undefined) throw new Error('an effect on a member was decided without one');
  return member;
}
