import { openAccount } from '../../db/billing/accounts.ts';
import type { Tx } from '../../db/connect.ts';
import { insertGroup } from '../../db/groups/group-changes.ts';
import { countStaged } from '../../db/groups/groups.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { ensurePeople, type Person, rememberName } from '../../db/people/people.ts';
import type { SystemMessage } from '../delivery/system-messages.ts';
import { mintPin, PIN_LIFE_MS } from '../people/pins.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { nameKey } from '../rules/names.ts';
import type { MemberInput } from '../rules/pairs.ts';
import { texts } from '../rules/texts.ts';
import { assignNumbers } from './numbers.ts';

/** A group as its creator asks for it; phones are E.164, names are cleaned. */
export type GroupInput = {
  name: string;
  creator: MemberInput;
  email: string | null;
  members: readonly MemberInput[];
  /** There were more members than the document has fields for. */
  tooMany: boolean;
  source: string | null;
  replyToOwner: boolean;
  sendPin: boolean;
};

/**
 * Stages a group in the caller's transaction: reserves its numbers and texts only the creator, asking for a YES. Throws
 * the state errors of /group/create, in the document's order.
 */
export async function stageGroup(
  runtime: Runtime,
  tx: Tx,
  input: GroupInput,
  now: Date,
): Promise<{ number: string; firstGroup: boolean; systemMessages: SystemMessage[] }> {
  const { config } = runtime;
  const memberInputs: MemberInput[] = [input.creator, ...input.members];
  const people = await ensurePeople(tx, [...new Set(memberInputs.map(({ phone }) => phone))], now);
  const creator = personOf(people, input.creator.phone);
  await checkMembers(tx, memberInputs, people);
  const since = new Date(now.getTime() - config.STAGED_TTL_HOURS * 3_600_000);
  const staged = await countStaged(tx, { ownerId: creator.id, since });
  if (staged >= config.MAX_PENDING_GROUPS) throw new DomainError('TOO_MANY_PENDING_GROUPS');
  if (input.members.length === 0 && !input.tooMany) throw new DomainError('NOT_ENOUGH_MEMBERS');
  if (input.tooMany || memberInputs.length > config.MAX_MEMBERS) throw new DomainError('TOO_MANY_MEMBERS');

  const assignments = await assignNumbers(runtime, tx, {
    personIds: memberInputs.map(({ phone }) => personOf(people, phone).id),
    now,
  });
  const groupId = await insertGroup(tx, { ...input, ownerId: creator.id, numberId: assignments.main.id, now });
  const memberships = memberInputs.map(({ name, phone }) => {
    const personId = personOf(people, phone).id;
    return {
      groupId,
      personId,
      numberId: assignments.byPerson.get(personId) ?? assignments.main.id,
      name,
    };
  });
  await insertMemberships(tx, { members: memberships, fromVersion: 1, now });
  if (input.creator.name !== null) await rememberName(tx, { personId: creator.id, name: input.creator.name });
  const firstGroup = await openAccount(tx, {
    personId: creator.id,
    trial: config.TRIAL_BALANCE,
    email: input.email,
    now,
  });
  const pin = input.sendPin ? await mintPin(runtime, tx, { personId: creator.id, groupId, now }) : null;
  const text = texts.askToActivate({
    group: input.name,
    members: input.members.length,
    pin,
    hours: config.STAGED_TTL_HOURS,
  });
  const to = [{ personId: creator.id, membershipId: null, numberId: assignments.main.id }];
  const redact = pin === null ? {} : { redactAt: new Date(now.getTime() + PIN_LIFE_MS) };
  const systemMessages = [{ groupId, text, to, urgent: true, ...redact }];
  return { number: assignments.main.phone, firstGroup, systemMessages };
}

/** Throws the state errors about the people, in the document's order; the creator comes first, then N. */
async function checkMembers(
  tx: Tx,
  memberInputs: readonly MemberInput[],
  people: ReadonlyMap<string, Person>,
): Promise<void> {
  const ours = await ourNumbersAmong(
    tx,
    memberInputs.map(({ phone }) => phone),
  );
  const nested = memberInputs.find(({ phone }) => ours.has(phone));
  if (nested) throw new DomainError('GROUP_FLIER_NUMBER', { subtype: nested.phone });
  const blocked = memberInputs.find(({ phone }) => personOf(people, phone).blockedAt !== null);
  if (blocked) throw new DomainError('BLOCKED_NUMBER', { subtype: blocked.phone });
  const twice = findRepeated(memberInputs, ({ phone }) => phone);
  if (twice) throw new DomainError('DUP_NUMBER', { subtype: twice.phone });
  const named = findRepeated(
    memberInputs.filter(({ name }) => name !== null),
    ({ name }) => nameKey(name ?? ''),
  );
  if (named) throw new DomainError('DUP_NAME', { subtype: named.name ?? '' });
}

function personOf(people: ReadonlyMap<string, Person>, phone: string): Person {
  const person = people.get(phone);
  if (person === undefined) throw new Error('a person has no row');
  return person;
}

/** Returns the later of the first two with equal keys. */
function findRepeated<T>(items: readonly T[], keyOf: (item: T) => string): T | undefined {
  const seen = new Set<string>();
  return items.find((item) => seen.size === seen.add(keyOf(item)).size);
}
