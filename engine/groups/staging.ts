import { findAccount } from '../../db/billing/accounts.ts';
import type { Tx } from '../../db/connect.ts';
import { insertGroup } from '../../db/groups/group-changes.ts';
import { countStaged } from '../../db/groups/groups.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { ourNumbersAmong } from '../../db/groups/numbers.ts';
import { insertStagedMembers } from '../../db/groups/staged-members.ts';
import { findPeople } from '../../db/people/people.ts';
import type { SystemMessage } from '../delivery/system-messages.ts';
import { meetPeople } from '../people/forgotten.ts';
import { mintPin, PIN_LIFE_MS } from '../people/pins.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { stagedFor } from '../platform/staged-for.ts';
import { nameKey } from '../rules/names.ts';
import type { MemberInput } from '../rules/pairs.ts';
import { texts } from '../rules/texts.ts';
import { assignMain } from './numbers.ts';

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
 * Stages a group in the caller's transaction: reserves its creator's number, keeps whom they named, who need no number
 * before it is on, and texts only the creator, asking for a YES; until then nothing is kept in the creator's name: no
 * account, e-mail or name. Throws the state errors of /group/create, in the
 * document's order.
 */
export async function stageGroup(
  runtime: Runtime,
  tx: Tx,
  input: GroupInput,
  now: Date,
): Promise<{ number: string; firstGroup: boolean; systemMessages: SystemMessage[] }> {
  const { config } = runtime;
  const memberInputs: MemberInput[] = [input.creator, ...input.members];
  const creator = (await meetPeople(runtime, tx, [input.creator.phone], now)).get(input.creator.phone);
  if (creator === undefined) throw new Error('a creator has no row');
  await checkMembers(tx, memberInputs);
  const staged = await countStaged(tx, { ownerId: creator.id, stagedFor: stagedFor(runtime) });
  if (staged >= config.MAX_PENDING_GROUPS) throw new DomainError('TOO_MANY_PENDING_GROUPS');
  if (input.members.length === 0 && !input.tooMany) throw new DomainError('NOT_ENOUGH_MEMBERS');
  if (input.tooMany || memberInputs.length > config.MAX_MEMBERS) throw new DomainError('TOO_MANY_MEMBERS');

  const main = await assignMain(runtime, tx, { personId: creator.id, now });
  const groupId = await insertGroup(tx, {
    ...input,
    language: creator.language,
    hours: config.GROUP_HOURS === '' ? null : config.GROUP_HOURS,
    ownerId: creator.id,
    numberId: main.id,
    now,
  });
  const owner = { groupId, personId: creator.id, numberId: main.id, name: input.creator.name };
  await insertMemberships(tx, { members: [owner], fromVersion: 1, now });
  await insertStagedMembers(tx, { groupId, members: input.members });
  const firstGroup = staged === 0 && (await findAccount(tx, creator.id)) === undefined;
  const pin = input.sendPin ? await mintPin(runtime, tx, { personId: creator.id, groupId, now }) : null;
  const asking = { group: input.name, members: input.members.length, hours: config.STAGED_TTL_HOURS };
  const text = () => texts.askToActivate({ ...asking, pin });
  const asks = { about: 'ownership', groupId, wording: () => texts.askToActivate({ ...asking, pin: null }) } as const;
  const to = [{ personId: creator.id, membershipId: null, numberId: main.id }];
  const redact = pin === null ? {} : { redactAt: new Date(now.getTime() + PIN_LIFE_MS) };
  const systemMessages = [{ groupId, text, to, urgent: true, asks, ...redact }];
  return { number: main.phone, firstGroup, systemMessages };
}

/** Throws the state errors about the people, in the document's order; the creator comes first, then N. */
async function checkMembers(tx: Tx, memberInputs: readonly MemberInput[]): Promise<void> {
  const phones = memberInputs.map(({ phone }) => phone);
  const ours = await ourNumbersAmong(tx, phones);
  const nested = memberInputs.find(({ phone }) => ours.has(phone));
  if (nested) throw new DomainError('GROUP_FLIER_NUMBER', { subtype: nested.phone });
  const stopped = new Set((await findPeople(tx, phones)).filter((one) => one.blockedAt !== null).map(phoneOf));
  const blocked = memberInputs.find(({ phone }) => stopped.has(phone));
  if (blocked) throw new DomainError('BLOCKED_NUMBER', { subtype: blocked.phone });
  const twice = findRepeated(memberInputs, ({ phone }) => phone);
  if (twice) throw new DomainError('DUP_NUMBER', { subtype: twice.phone });
  const named = findRepeated(
    memberInputs.filter(({ name }) => name !== null),
    ({ name }) => nameKey(name ?? ''),
  );
  if (named) throw new DomainError('DUP_NAME', { subtype: named.name ?? '' });
}

function phoneOf({ phone }: { phone: string }): string {
  return phone;
}

/** Returns the later of the first two with equal keys. */
function findRepeated<T>(items: readonly T[], keyOf: (item: T) => string): T | undefined {
  const seen = new Set<string>();
  return items.find((item) => seen.size === seen.add(keyOf(item)).size);
}
