import { isDuplicate, type Tx, transact } from '../db/connect.ts';
import { activateGroup, lockGroup, raiseVersion, takeMessageId } from '../db/groups.ts';
import { markBack, markLeft } from '../db/memberships.ts';
import { insertInbound, insertMessage } from '../db/messages.ts';
import { isFirstToday, setBlocked } from '../db/people.ts';
import { ownerNotices, raiseRostersOf } from './block.ts';
import { type Notice, startNotices, writeNotices } from './notices.ts';
import { changesRoster, type Effect } from './rules/effects.ts';
import { texts } from './rules/texts.ts';
import type { Roster } from './rules/types.ts';
import type { Runtime } from './runtime.ts';

/** Who does it, and on which picture of which group it was decided. */
export type Act = {
  by: { personId: number; membershipId: number | null; numberId: number };
  /** The group with the roster that the decision was made on; null where there is none. */
  roster: Roster | null;
  effects: readonly Effect[];
  /** The text that it comes from; its carrier id makes a repeat harmless. */
  inbound: { carrierId: string; phone: string; number: string } | null;
  now: Date;
};

/** `repeated`: this text was here before, nothing was done. `stale`: the group has changed since, decide again. */
export type Performed = 'done' | 'repeated' | 'stale';

/**
 * The one place where effects become writes: one transaction, and after its commit the queues. When it answers,
 * what was asked is durable; queueing goes on by itself.
 */
export async function perform(runtime: Runtime, act: Act): Promise<Performed> {
  try {
    const done = await transact(runtime.db, (tx) => write(tx, act));
    if (done === 'stale') return 'stale';
    start(runtime, done);
    return 'done';
  } catch (error) {
    if (act.inbound !== null && isDuplicate(error, 'PRIMARY')) return 'repeated';
    if (error instanceof Stale) return 'stale';
    throw error;
  }
}

class Stale extends Error {}

type Written = { messageIds: number[]; noticeIds: number[] };
type Context = { tx: Tx; act: Act; version: number; notices: Notice[]; messageIds: number[] };

async function write(tx: Tx, act: Act): Promise<Written | 'stale'> {
  const { roster, effects, now } = act;
  if (act.inbound !== null) await insertInbound(tx, { ...act.inbound, verdict: effects[0]?.kind ?? 'ignored', now });
  const context: Context = { tx, act, version: roster?.group.version ?? 0, notices: [], messageIds: [] };
  if (roster !== null && effects.some(needsLock)) await lockAt(tx, roster);
  if (roster !== null && effects.some(changesRoster)) {
    await raiseVersion(tx, [roster.group.id]);
    context.version++;
  }
  for (const effect of effects) await performers[effect.kind](context, effect as never);
  return { messageIds: context.messageIds, noticeIds: await writeNotices(tx, context.notices, now) };
}

function needsLock(effect: Effect): boolean {
  return changesRoster(effect) || effect.kind === 'activate';
}

async function lockAt(tx: Tx, roster: Roster): Promise<void> {
  const group = await lockGroup(tx, roster.group.id);
  if (group === undefined || group.state === 'deleted' || group.version !== roster.group.version) throw new Stale();
}

/** Queueing is best effort and nobody waits for it: what is not queued now, the sweeper finds. */
function start(runtime: Runtime, { messageIds, noticeIds }: Written): void {
  for (const id of messageIds) {
    runtime.queues
      .addFanOut(id)
      .catch((err) => runtime.log.warn({ err, message: id }, 'message was kept but not queued; the sweeper will'));
  }
  void startNotices(runtime, noticeIds);
}

const performers: {
  [Kind in Effect['kind']]: (context: Context, effect: Extract<Effect, { kind: Kind }>) => Promise<void>;
} = {
  async say({ tx, act, messageIds }, effect) {
    const { group } = groupOf(act);
    const messageId = await takeMessageId(tx, { groupId: group.id, version: group.version });
    if (messageId === null) throw new Stale();
    messageIds.push(
      await insertMessage(tx, {
        ...effect,
        groupId: group.id,
        messageId,
        senderId: act.by.membershipId,
        version: group.version,
        now: act.now,
      }),
    );
  },
  async answer({ act, notices }, { text, anyway }) {
    notices.push({ ...toSender(act, text), anyway: anyway ?? false });
  },
  async hint({ tx, act, notices }, { subject, text }) {
    if (await isFirstToday(tx, { personId: act.by.personId, subject, now: act.now })) notices.push(toSender(act, text));
  },
  async leave({ tx, act, version }) {
    await markLeft(tx, { membershipId: memberOf(act), version, now: act.now });
  },
  async return({ tx, act, version }) {
    await markBack(tx, { membershipId: memberOf(act), version, now: act.now });
  },
  async activate({ tx, act, notices }) {
    const roster = groupOf(act);
    if (!(await activateGroup(tx, { groupId: roster.group.id, now: act.now }))) throw new Stale();
    notices.push(...welcomes(roster));
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
};

function toSender({ by, roster }: Act, text: string): Notice {
  return { groupId: roster?.group.id ?? null, text, to: [by], urgent: true };
}

/** "It is on" to the creator, one welcome to each other member. */
export function welcomes({ group, members }: Roster): Notice[] {
  const owner = members.find((member) => member.owner);
  const others = members.filter((member) => !member.owner);
  const by = owner?.name ?? owner?.phone ?? '';
  const to = (some: typeof others) =>
    some.map(({ id, personId, numberId }) => ({ membershipId: id, personId, numberId }));
  return [
    {
      groupId: group.id,
      text: texts.isOn({ group: group.name }),
      to: owner === undefined ? [] : to([owner]),
      urgent: true,
    },
    {
      groupId: group.id,
      text: texts.welcome({ group: group.name, by, toOwner: group.replyToOwner }),
      to: to(others),
      urgent: false,
    },
  ];
}

function groupOf({ roster }: Act): Roster {
  if (roster === null) throw new Error('an effect on a group was decided without one');
  return roster;
}

function memberOf({ by }: Act): number {
  if (by.membershipId === null) throw new Error('an effect on a member was decided without one');
  return by.membershipId;
}
