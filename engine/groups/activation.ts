import { openAccount } from '../../db/billing/accounts.ts';
import type { Tx } from '../../db/connect.ts';
import { takeStagedEmail } from '../../db/groups/group-changes.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { type StagedMember, takeStagedMembers } from '../../db/groups/staged-members.ts';
import { type Person, rememberName } from '../../db/people/people.ts';
import type { Addressee, SystemMessage } from '../delivery/system-messages.ts';
import { meetPeople } from '../people/forgotten.ts';
import { brandOf } from '../platform/brand-settings.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Cause } from '../rules/budgets.ts';
import { callBy } from '../rules/commands/command.ts';
import { asksFirst } from '../rules/consent.ts';
import { texts } from '../rules/texts.ts';
import type { Roster } from '../rules/types.ts';
import { invite } from './invitations.ts';
import { assignNumbers } from './numbers.ts';
import { addressOf, welcomeAll } from './welcome.ts';

/**
 * Makes those who were named for a staged group its members, from `version` on, each with a number, and opens the account
 * of its creator, who has agreed now. In the transaction of the activation, under the group's lock. Returns a text for everybody, and who
 * became a member. Throws OutOfNumbers if none is free for somebody.
 */
export async function admitStaged(
  runtime: Runtime,
  tx: Tx,
  { roster, version, cause, now }: Activation,
): Promise<{ messages: SystemMessage[]; newcomers: Addressee[] }> {
  await settleCreator(runtime, tx, roster, now);
  const named = await takeStagedMembers(tx, roster.group.id);
  if (asksFirst(runtime.config.CONSENT, { joins: false, agreed: false }))
    return { messages: await askAll(runtime, tx, named, { roster, now }), newcomers: [] };
  const newcomers = await admit(runtime, tx, named, { roster, version, cause, now });
  const messages = welcomeAll(brandOf(runtime.config), roster, newcomers);
  return { messages, newcomers };
}

type Activation = { roster: Roster; version: number; cause: Cause; now: Date };

async function askAll(
  runtime: Runtime,
  tx: Tx,
  named: readonly StagedMember[],
  { roster: { group, members }, now }: { roster: Roster; now: Date },
): Promise<SystemMessage[]> {
  const owner = members.filter((member) => member.owner);
  const people = named.length === 0 ? new Map() : await meetPeople(runtime, tx, named.map(phoneOf), now);
  const asked = named.flatMap(({ phone, name }) => {
    const person: Person | undefined = people.get(phone);
    return person === undefined || person.blockedAt !== null
      ? []
      : [{ personId: person.id, phone, name, language: person.language }];
  });
  const by = owner.map(callBy).join('');
  const isOn = () => texts.isOnAsked({ group: group.name });
  return [
    { groupId: group.id, text: isOn, to: owner.map(addressOf), urgent: true },
    ...(await invite(runtime, tx, { group, people: asked, by, now })),
  ];
}

async function settleCreator(runtime: Runtime, tx: Tx, { group, members }: Roster, now: Date): Promise<void> {
  const personId = group.ownerPersonId;
  const email = await takeStagedEmail(tx, group.id);
  await openAccount(tx, { personId, trial: runtime.config.TRIAL_BALANCE, email, now });
  const name = members.find((member) => member.owner)?.name;
  if (name != null) await rememberName(tx, { personId, name });
}

async function admit(
  runtime: Runtime,
  tx: Tx,
  named: readonly StagedMember[],
  { roster, version, cause, now }: Activation,
): Promise<Addressee[]> {
  // A number that we bought since then is nobody's phone any more.
  const ours = named.length === 0 ? new Set<string>() : await ourNumbersAmong(tx, named.map(phoneOf));
  const phones = named.map(phoneOf).filter((phone) => !ours.has(phone));
  if (phones.length === 0) return [];
  const { id: groupId } = roster.group;
  const people = await meetPeople(runtime, tx, phones, now);
  const personIds = [...people.values()].map(({ id }) => id);
  const numbers = await assignNumbers(runtime, tx, { personIds, roster, joins: false, cause, now });
  const members = named.flatMap(({ phone, name }) => {
    const personId = people.get(phone)?.id;
    const numberId = personId === undefined ? undefined : numbers.get(personId);
    return personId === undefined || numberId === undefined ? [] : [{ groupId, personId, numberId, name }];
  });
  const ids = await insertMemberships(tx, { members, fromVersion: version, now });
  return members.map(({ personId, numberId }, at) => ({ personId, numberId, membershipId: ids[at] ?? null }));
}

function phoneOf({ phone }: StagedMember): string {
  return phone;
}
