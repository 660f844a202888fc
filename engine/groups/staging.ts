import { openAccount } from '../../db/billing/accounts.ts';
import type { Tx } from '../../db/connect.ts';
import { insertGroup } from '../../db/groups/group-changes.ts';
import { countStaged } from '../../db/groups/groups.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { meetPeople, type Person, rememberName } from '../../db/people/people.ts';
import type { Notice } from '../delivery/notices.ts';
import { mintPin, PIN_LIFE_MS } from '../people/pins.ts';
import { Refusal } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { nameKey } from '../rules/names.ts';
import { texts } from '../rules/texts.ts';
import { assignNumbers } from './numbers.ts';

/** A group as its creator wishes it: phones are E.164, names cleaned. */
export type Wish = {
  name: string;
  creator: Guest;
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
 * Stages a group in the caller's transaction: its numbers are reserved, and only the creator gets a text, which asks
 * for a YES. Refuses with the state errors of /group/create, in the document's order.
 */
export async function stageGroup(
  runtime: Runtime,
  tx: Tx,
  wish: Wish,
  now: Date,
): Promise<{ number: string; firstGroup: boolean; notices: Notice[] }> {
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
    };
  });
  await insertMemberships(tx, { members, fromVersion: 1, now });
  if (wish.creator.name !== null) await rememberName(tx, { personId: creator.id, name: wish.creator.name });
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
  const notices = [{ groupId, text, to, urgent: true, ...wipe }];
  return { number: seats.main.phone, firstGroup, notices };
}

/** The state errors about the people themselves, in the document's order; the creator comes first, then N. */
async function refuseGuests(tx: Tx, guests: readonly Guest[], people: ReadonlyMap<string, Person>): Promise<void> {
  const ours = await ourNumbersAmong(
    tx,
    guests.map(({ phone }) => phone),
  );
  const nested = guests.find(({ phone }) => ours.has(phone));
  if (nested) throw new Refusal('GROUP_FLIER_NUMBER', { subtype: nested.phone });
  const blocked = guests.find(({ phone }) => personOf(people, phone).blockedAt !== null);
  if (blocked) throw new Refusal('BLOCKED_NUMBER', { subtype: blocked.phone });
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
