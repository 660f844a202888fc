import type { Tx } from '../../db/connect.ts';
import type { PendingMessage } from '../../db/deliveries/pending-messages.ts';
import { type NewOwed, owe, readOwed, readTalkers } from '../../db/messages/owed.ts';
import { BUNDLE_MS, isLive, type Owing, paceOf } from '../rules/bundles.ts';
import { TALKS_MS } from '../rules/heat.ts';
import type { Member, Roster } from '../rules/types.ts';

/** Who gets a message in a text for several, and what that makes them owed; in the order of the messages of a group. */
export type Bundling = { isOwed(member: Member): boolean };
export type Bundlings = {
  /** Null where everybody gets it at once. */
  of(message: PendingMessage, roster: Roster): Bundling | null;
  /** Keeps what all of that makes members owed, in the transaction that writes the deliveries. */
  keep(): Promise<void>;
};

type Known = { message: PendingMessage; roster: Roster };

/** Reads what members are owed, of groups where somebody may be; for all others it asks nothing. */
export async function openBundlings(tx: Tx, known: readonly Known[]): Promise<Bundlings> {
  const groups = new Map<number, OfGroup>();
  for (const { message } of known.filter(isBundled))
    if (!groups.has(message.groupId)) groups.set(message.groupId, await readGroup(tx, message.groupId, known));
  const owed = new Map<number, NewOwed>();

  function note(member: Member, { groupId, firstId, inMs }: Omit<NewOwed, 'membershipId'>): void {
    const before = owed.get(member.id);
    owed.set(member.id, {
      ...{ membershipId: member.id, groupId },
      firstId: before?.firstId ?? firstId,
      inMs: Math.min(before?.inMs ?? inMs, inMs),
    });
  }

  return {
    of(message, roster) {
      const ofGroup = groups.get(message.groupId);
      if (ofGroup === undefined || !isBundled({ message, roster })) return null;
      const { group } = roster;
      const { id, groupId, senderId, toId } = message;
      const said = { id, senderId, toId, hasMedia: message.media !== null };
      const talks = ({ id: memberId }: Member) => (ofGroup.talkers.get(memberId) ?? id + 1) <= id;
      const owingOf = (member: Member) => ofGroup.owing.get(member.id) ?? NOTHING;
      // Who talks gets what they are owed at once.
      for (const member of roster.members)
        if (owingOf(member).owes && isLive(member, { group, talks: talks(member) }))
          note(member, { groupId, firstId: null, inMs: 0 });
      return {
        isOwed(member) {
          const owing = owingOf(member);
          const pace = paceOf(member, { message: said, group, talks: talks(member), owing });
          if (pace === 'live') return false;
          ofGroup.owing.set(member.id, { ...owing, owes: true });
          note(member, { groupId, firstId: id, inMs: pace === 'soon' ? 0 : BUNDLE_MS });
          return true;
        },
      };
    },
    async keep() {
      if (owed.size > 0) await owe(tx, [...owed.values()]);
    },
  };
}

/** `talkers`: since which row of messages each takes part. */
type OfGroup = { owing: Map<number, Owing>; talkers: ReadonlyMap<number, number> };
const NOTHING: Owing = { owes: false, lastId: 0 };

/** A text that tells what is owed is no message of the group, and goes at once. */
function isBundled({ message, roster }: Known): boolean {
  return roster.group.bundling && message.messageId !== null;
}

async function readGroup(tx: Tx, groupId: number, known: readonly Known[]): Promise<OfGroup> {
  const mine = known.filter(({ message }) => message.groupId === groupId);
  const owed = await readOwed(tx, groupId);
  const owing = owed.map(({ membershipId, firstId, lastId }): [number, Owing] => [
    membershipId,
    { owes: firstId !== null, lastId: lastId ?? 0 },
  ]);
  const upTo = Math.max(...mine.map(({ message }) => message.messageId ?? 0));
  const lastAt = Math.max(...mine.map(({ message }) => message.acceptedAt.getTime()));
  const talkers = mine.some(({ roster }) => roster.group.hot)
    ? await readTalkers(tx, { groupId, upTo, since: new Date(lastAt - TALKS_MS) })
    : [];
  return { owing: new Map(owing), talkers: new Map(talkers.map(({ memberId, fromId }) => [memberId, fromId])) };
}
