import { findAccount } from '../../db/billing/accounts.ts';
import { findOpenCharge } from '../../db/billing/charges.ts';
import { type Sql, transact } from '../../db/connect.ts';
import { firstIdSince } from '../../db/first-since.ts';
import { dropForwards } from '../../db/groups/forwards.ts';
import { raiseVersion } from '../../db/groups/group-changes.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import { endMembership } from '../../db/groups/memberships.ts';
import { findPinnedBy, unpinWordsOf } from '../../db/groups/pins.ts';
import { insertConsents } from '../../db/people/consents.ts';
import {
  emptyMessages,
  emptySaid,
  emptySystemMessages,
  eraseRows,
  findNames,
  findUnsentBy,
  hideInbound,
  readOurTexts,
} from '../../db/people/erase.ts';
import { findLiveMemberships, findOwnedGroups, hidePerson, lockPhone } from '../../db/people/forgotten.ts';
import { cancelMessage } from '../delivery/cancel.ts';

export type Forgetting = {
  personId: number;
  phone: string;
  hidden: string;
  since: Date;
  reason: string | null;
  now: Date;
};

/** Why somebody cannot be forgotten now; null where they can. */
export async function whyNotForget(sql: Sql, personId: number): Promise<string | null> {
  const owned = await findOwnedGroups(sql, personId);
  if (owned.length > 0) {
    const names = owned.map(({ id, name, state }) => `${id} "${name}"${state === 'staged' ? ' (staged: lapses)' : ''}`);
    return `owns ${names.join(', ')}: hand them over (group owner) or delete them (group delete) first`;
  }
  const account = await findAccount(sql, personId);
  if (account !== undefined && (await findOpenCharge(sql, account.id)) !== undefined)
    return 'a charge of their card is under way: say it again in some minutes';
  return null;
}

/**
 * Forgets what the law lets go: their memberships end, what they said and what we texted them alone is emptied, their name
 * and all that they log in and pay with goes. The ledger, the consents and the block of a STOP stay, under a hash of the phone. In small
 * pieces, the phone last: one that dies half-way is said again. Returns how much went; null where they joined a group meanwhile.
 */
export async function forgetPerson(sql: Sql, one: Forgetting): Promise<Record<string, number> | null> {
  const { personId, phone, hidden, now } = one;
  const since = new Date(now.getTime() - TRIES_END_MS);
  const memberships = await endMemberships(sql, one);
  for (const messageId of await findUnsentBy(sql, { personId, since })) await cancelMessage(sql, { messageId, now });
  const pinned = await endPinned(sql, one);
  const texts = await all(() => emptySaid(sql, { personId, now }));
  const ours = await emptyOurs(sql, one);
  const naming = await emptyNaming(sql, one);
  const inbound = await all(() => hideInbound(sql, { phone, hidden }));
  return transact(sql, async (tx) => {
    if ((await lockPhone(tx, personId)) !== phone) return null;
    const owned = await findOwnedGroups(tx, personId);
    if (owned.length > 0 || (await findLiveMemberships(tx, personId)).length > 0) return null;
    const forwards = await dropForwards(tx, phone);
    const erased = await eraseRows(tx, { personId, phone });
    await hidePerson(tx, { personId, hidden, now });
    return { memberships, pinned, texts, ours, naming, inbound, forwards, ...erased };
  });
}

/** The last try of a text is a day after it was accepted at the latest. */
const TRIES_END_MS = 2 * 86_400_000;

async function endMemberships(sql: Sql, { personId, reason, now }: Forgetting): Promise<number> {
  const found = await findLiveMemberships(sql, personId);
  for (const { id: membershipId, groupId } of found)
    await transact(sql, async (tx) => {
      const group = await lockGroup(tx, groupId);
      if (group === undefined) return;
      await raiseVersion(tx, [groupId]);
      await endMembership(tx, { membershipId, version: group.version + 1, now });
      const said = { kind: 'leave', about: 'membership', way: 'operator', wording: reason } as const;
      const nothing = { numberId: null, byId: null, asked: null, carrierId: null };
      await insertConsents(tx, [{ ...said, ...nothing, personId, groupId }], now);
    });
  return found.length;
}

/** What a group has pinned of theirs; its rosters hold it, so they get a new version. */
async function endPinned(sql: Sql, { personId }: Forgetting): Promise<number> {
  const groupIds = await findPinnedBy(sql, personId);
  for (const groupId of groupIds)
    await transact(sql, async (tx) => {
      await lockGroup(tx, groupId);
      await unpinWordsOf(tx, { groupId, personId });
      await raiseVersion(tx, [groupId]);
    });
  return groupIds.length;
}

async function emptyOurs(sql: Sql, { personId, since, now }: Forgetting): Promise<number> {
  const end = await firstIdSince(sql, 'messages', new Date(now.getTime() + TRIES_END_MS));
  let emptied = 0;
  for (let first = await firstIdSince(sql, 'messages', since); first < end; first += AT_ONCE)
    emptied += await emptySystemMessages(sql, { personId, first, end: Math.min(end, first + AT_ONCE) });
  return emptied;
}
const AT_ONCE = 500;

/** Texts of ours to others that hold their phone or name: who is in, who left, who joined. */
async function emptyNaming(sql: Sql, { personId, phone, now }: Forgetting): Promise<number> {
  let emptied = 0;
  for (const { groupId, name } of await findNames(sql, personId)) {
    const names = [phone, ...(name === null ? [] : [name])];
    let afterId = 0;
    for (;;) {
      const some = await readOurTexts(sql, { groupId, afterId });
      const ids = some.filter(({ text }) => names.some((one) => holdsWord(text, one))).map(({ id }) => id);
      emptied += await emptyMessages(sql, { ids, now });
      const last = some.at(-1);
      if (last === undefined) break;
      afterId = last.id;
    }
  }
  return emptied;
}

/** The word stands there by itself, and not within another. */
function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!LETTER_END.test(text.slice(0, at)) && !LETTER_START.test(text.slice(at + word.length))) return true;
  return false;
}
const LETTER_END = /[\p{L}\p{N}]$/u;
const LETTER_START = /^[\p{L}\p{N}]/u;

async function all(some: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let count = await some(); count > 0; count = await some()) total += count;
  return total;
}
