import { readClock } from '../../db/clock.ts';
import { type Tx, transact } from '../../db/connect.ts';
import { readGroup } from '../../db/groups/groups.ts';
import { findDueNews, insertNews, type KeptNews, keepNewsUntil, takeDueNews } from '../../db/groups/newcomer-news.ts';
import { type SystemMessage, startSystemMessages, writeSystemMessages } from '../delivery/system-messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Cause } from '../rules/budgets.ts';
import { callBy } from '../rules/commands/command.ts';
import { shareNews, type TellNewcomer } from '../rules/newcomers.ts';
import { texts } from '../rules/texts.ts';
import type { Member, Roster } from '../rules/types.ts';
import { addressOf } from './welcome.ts';

/** From the contract: the first of them goes out at once, those of so long after it in one text. */
const KEPT_MS = 5 * 60_000;

/**
 * With `notify_on_add`, tells the members that somebody is new, or keeps it for the text of a few minutes later. In the
 * transaction that adds them, under the group's lock. Returns what is told at once, which is not told to the newcomer and
 * the one who added them.
 */
export async function tellOfNewcomer(
  tx: Tx,
  { group, members }: Roster,
  { membershipId, personId, who, by, cause, now }: Arrival,
): Promise<SystemMessage[]> {
  if (!group.notifyOnAdd) return [];
  const until = new Date(now.getTime() + KEPT_MS);
  const dueAt = await keepNewsUntil(tx, { groupId: group.id, now, until });
  if (dueAt !== null) {
    const causedBy = cause.by === 'member' ? cause.personId : null;
    await insertNews(tx, { groupId: group.id, membershipId, byId: by?.id ?? null, causedBy, dueAt });
    return [];
  }
  const others = members.filter((member) => !member.left && member.id !== by?.id && member.personId !== personId);
  const text = () => texts.newcomer({ who, group: group.name, by: by === null ? null : callBy(by) });
  return [{ groupId: group.id, text, to: others.map(addressOf), urgent: false, news: true }];
}

type Arrival = {
  membershipId: number;
  personId: number;
  who: string;
  by: Member | null;
  cause: Cause;
  now: Date;
};

/** Sends the news that were kept and whose time has come, to those who are members by then. Returns of how many groups. */
export async function sendNews(runtime: Runtime, at?: Date): Promise<number> {
  const now = at ?? (await readClock(runtime.db));
  const groupIds = await findDueNews(runtime.db, now);
  for (const groupId of groupIds) {
    const roster = await readRoster(runtime, groupId);
    const ids = await transact(runtime.db, async (tx) => {
      const kept = await takeDueNews(tx, { groupId, now });
      if (roster === null || kept.length === 0) return [];
      return writeSystemMessages(runtime, tx, { cause: causeOf(kept), messages: messagesOf(roster, kept), now });
    });
    await startSystemMessages(runtime, ids);
  }
  return groupIds.length;
}

/** Null where the group has ended, or does not want any more to hear of newcomers. */
async function readRoster({ db, rosters }: Runtime, groupId: number): Promise<Roster | null> {
  const group = await readGroup(db, groupId);
  if (group?.state !== 'active' || !group.notifyOnAdd) return null;
  return rosters.read({ groupId, version: group.version, tag: group.tag });
}

function messagesOf(roster: Roster, kept: readonly KeptNews[]): SystemMessage[] {
  const { id: groupId, name } = roster.group;
  return shareNews(roster, kept).map(({ told, to }) => ({
    groupId,
    text: () => sayNews(name, told),
    to: to.map(addressOf),
    urgent: false,
    news: true,
  }));
}

function sayNews(group: string, told: readonly TellNewcomer[]): string {
  const [first] = told;
  if (first !== undefined && told.length === 1)
    return texts.newcomer({ who: callBy(first.who), group, by: first.by === null ? null : callBy(first.by) });
  return texts.newcomers({ group, who: told.map(({ who }) => callBy(who)) });
}

/** The text is taken from the budgets of the cause of the first of them. */
function causeOf([first]: readonly KeptNews[]): Cause {
  const personId = first?.causedBy ?? null;
  return personId === null ? { by: 'system' } : { by: 'member', personId };
}
