import { openAccount } from '../db/accounts.ts';
import { isDuplicate, type Tx, transact } from '../db/connect.ts';
import { countStaged, insertGroup, isCodeTaken } from '../db/groups.ts';
import { insertMemberships } from '../db/memberships.ts';
import { ourNumbersAmong } from '../db/numbers.ts';
import { meetPeople, type Person, rememberName } from '../db/people.ts';
import { changeGroup } from './change.ts';
import { Refusal } from './errors.ts';
import { startNotices, writeNotices } from './notices.ts';
import { assignNumbers } from './numbers.ts';
import { mintPin, PIN_LIFE_MS } from './pins.ts';
import { nameKey } from './rules/names.ts';
import { type GroupChange, planChange } from './rules/settings.ts';
import { texts } from './rules/texts.ts';
import type { Runtime } from './runtime.ts';
import { newInviteCode } from './secrets.ts';
import { findStaged, findStanding } from './standing.ts';

export type { GroupChange } from './rules/settings.ts';

/** A group as its creator wishes it: phones are E.164, names cleaned. */
export type Wish = {
  name: string;
  creator: Guest & { name: string };
  email: string | null;
  members: readonly Guest[];
  /** More members were asked for than the document has fields for. */
  tooMany: boolean;
  source: string | null;
  replyToOwner: boolean;
  sendPin: boolean;
};
type Guest = { name: string | null; phone: string };

/**
 * Stages a group: its numbers are reserved, and only the creator gets a text, which asks for a YES. Refuses with the
 * state errors of /group/create, in the document's order, and with UNAVAILABLE when there is no number for somebody.
 */
export async function createGroup(runtime: Runtime, wish: Wish): Promise<{ number: string; firstGroup: boolean }> {
  const now = new Date();
  for (let tries = 1; ; tries++) {
    try {
      const { noticeIds, ...created } = await transact(runtime.db, (tx) => stage(runtime, tx, wish, now));
      void startNotices(runtime, noticeIds);
      return created;
    } catch (error) {
      // Somebody else was given the same pair of phone and number in the same instant: pick again.
      if (!isDuplicate(error, 'memberships_pair') || tries === PICKS) throw error;
    }
  }
}
const PICKS = 5;

/**
 * Changes the settings of a group and, where it is staged, turns it on; all of it or nothing. Whoever came by the PIN
 * of one group (`onlyGroupId`) may change that one alone.
 */
export async function setGroup(
  runtime: Runtime,
  { onlyGroupId, ...at }: { phone: string; number: string; onlyGroupId: number | null },
  change: GroupChange,
): Promise<{ inviteCode: string | null }> {
  let inviteCode: string | null = null;
  const isStaged = (await findStaged(runtime, at)) !== null;
  await changeGroup(
    runtime,
    at,
    async ({ roster: { group }, member }) => {
      if (onlyGroupId !== null && onlyGroupId !== group.id) throw new Refusal('UNAUTHORIZED');
      if (!member.owner) throw new Refusal('NOT_OWNER');
      const { inviteCode: code } = change;
      if (code && (await isCodeTaken(runtime.db, { code, butBy: group.id }))) throw new Refusal('USED_INVITE_CODE');
      const patch = planChange(group, change, newInviteCode());
      if (patch === 'CANT_MAKE_PUBLIC') throw new Refusal(patch);
      inviteCode = patch.inviteCode === undefined ? group.inviteCode : patch.inviteCode;
      return [{ kind: 'setGroup', patch }, ...(isStaged ? [{ kind: 'activate' } as const] : [])];
    },
    isStaged ? findStaged : findStanding,
  );
  return { inviteCode };
}

async function stage(runtime: Runtime, tx: Tx, wish: Wish, now: Date) {
  const { config } = runtime;
  const guests: Guest[] = [wish.creator, ...wish.members];
  const people = await meetPeople(tx, [...new Set(guests.map(({ phone }) => phone))], now);
  const creator = personOf(people, wish.creator.phone);
  await refuseGuests(tx, guests, people);
  const since = new Date(now.getTime() - config.STAGED_TTL_HOURS * 3_600_000);
  const staged = await countStaged(tx, { ownerId: creator.id, since });
  if (staged >= config.MAX_PENDING_GROUPS) throw new Refusal('TOO_MANY_PENDING_GROUPS');
  if (wish.members.length === 0 && !wish.tooMany) throw new Refusal('NOT_ENOUGH_MEMBERS');
  if (wish.tooMany || guests.length > config.MAX_MEMBERS) throw new Refusal('TOO_MANY_MEMBERS');

  const seats = await assignNumbers(runtime, tx, {
    personIds: guests.map(({ phone }) => personOf(people, phone).id),
    now,
  });
  const groupId = await insertGroup(tx, { ...wish, ownerId: creator.id, numberId: seats.main.id, now });
  const members = guests.map(({ name, phone }) => {
    const personId = personOf(people, phone).id;
    return {
      groupId,
      personId,
      numberId: seats.byPerson.get(personId) ?? seats.main.id,
      name,
      nameKey: name === null ? null : nameKey(name),
    };
  });
  await insertMemberships(tx, { members, fromVersion: 1, now });
  await rememberName(tx, { personId: creator.id, name: wish.creator.name });
  const firstGroup = await openAccount(tx, {
    personId: creator.id,
    trial: config.TRIAL_BALANCE,
    email: wish.email,
    now,
  });
  const pin = wish.sendPin ? await mintPin(runtime, tx, { personId: creator.id, groupId, now }) : null;
  const text = texts.askToActivate({
    group: wish.name,
    members: wish.members.length,
    pin,
    hours: config.STAGED_TTL_HOURS,
  });
  const to = [{ personId: creator.id, membershipId: null, numberId: seats.main.id }];
  const wipe = pin === null ? {} : { wipeAt: new Date(now.getTime() + PIN_LIFE_MS) };
  const noticeIds = await writeNotices(tx, [{ groupId, text, to, urgent: true, ...wipe }], now);
  return { number: seats.main.phone, firstGroup, noticeIds };
}

/** The state errors about the people themselves, in the document's order; the creator comes first, then N. */
async function refuseGuests(tx: Tx, guests: readonly Guest[], people: ReadonlyMap<string, Person>): Promise<void> {
  const ours = await ourNumbersAmong(
    tx,
    guests.map(({ phone }) => phone),
  );
  const nested = guests.find(({ phone }) => ours.has(phone));
  if (nested) throw new Refusal('GROUP_FLIER_NUMBER', { subtype: nested.phone });
  if (guests.some(({ phone }) => personOf(people, phone).blockedAt !== null)) throw new Refusal('BLOCKED_NUMBER');
  const twice = findRepeated(guests, ({ phone }) => phone);
  if (twice) throw new Refusal('DUP_NUMBER', { subtype: twice.phone });
  const named = findRepeated(
    guests.filter(({ name }) => name !== null),
    ({ name }) => nameKey(name ?? ''),
  );
  if (named) throw new Refusal('DUP_NAME', { subtype: named.name ?? '' });
}

function personOf(people: ReadonlyMap<string, Person>, phone: string): Person {
  const person = people.get(phone);
  if (person === undefined) throw new Error('a person was not met');
  return person;
}

/** The later of the first two that are alike. */
function findRepeated<T>(items: readonly T[], keyOf: (item: T) => string): T | undefined {
  const seen = new Set<string>();
  return items.find((item) => seen.size === seen.add(keyOf(item)).size);
}
