import { readLists } from '../../db/groups/lists.ts';
import { findMembership } from '../groups/membership.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { membersOf } from '../rules/commands/lists.ts';
import { commandWords } from '../rules/commands.ts';
import type { ErrorToken } from '../rules/error-catalogue.ts';
import { faultOfListName, findList, LIST_LIMITS } from '../rules/lists.ts';
import { findByPhone } from '../rules/membership.ts';
import { denialOf } from '../rules/permissions.ts';
import { readPhone } from '../rules/phone.ts';
import type { Member, Membership, Roster } from '../rules/types.ts';
import { allow } from './allow.ts';
import { changeGroup } from './change.ts';
import { phonesOf } from './inbound/command-context.ts';

type At = { phone: string; number: string };

/** The lists of a group with their members; none for whom the list of members is not for. Refuses with MEMBER_LOOKUP_FAILED. */
export async function listLists(runtime: Runtime, at: At): Promise<{ name: string; members: Member[] }[]> {
  const membership = await findMembership(runtime, at);
  if (membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
  if (denialOf('listMembers', membership) === 'DISABLED_WHO') return [];
  allow('listMembers', membership);
  const { roster } = membership;
  const lists = await readLists(runtime.db, roster.group.id);
  return lists.map((list) => ({ name: list.name, members: membersOf(roster, list) }));
}

/**
 * Makes a list of these members (numbers, in any form), or puts them in the place of those of the list of that name. Refuses
 * with MEMBER_LOOKUP_FAILED, with the number as subtype where it is of no member who is there, NOT_OWNER, NAME_IN_USE, and
 * BAD_REQUEST with `name` or, where there are as many as may be, `lists`.
 */
export async function setList(
  runtime: Runtime,
  at: At,
  { name, numbers }: { name: string; numbers: readonly string[] },
): Promise<void> {
  await changeGroup(runtime, at, async (membership) => {
    allowChange(membership);
    const { roster } = membership;
    const wanted = new Set(numbers.map((number) => memberOf(runtime, roster, number).id));
    const lists = await readLists(runtime.db, roster.group.id);
    const found = findList(lists, name);
    if (found !== undefined) {
      const on = [...wanted].filter((id) => !found.memberIds.includes(id));
      const off = found.memberIds.filter((id) => !wanted.has(id));
      return on.length + off.length === 0 ? [] : [{ kind: 'changeList', listId: found.id, on, off }];
    }
    const fault = faultOfListName(roster, name, commandWords);
    if (fault !== null) throw new DomainError(...refusals[fault]);
    if (lists.length >= LIST_LIMITS.lists) throw new DomainError('BAD_REQUEST', { subtype: 'lists' });
    return [{ kind: 'makeList', name, memberIds: [...wanted] }];
  });
}

/** Refuses with MEMBER_LOOKUP_FAILED, NOT_OWNER, and NOT_FOUND where the group has no list of that name. */
export async function deleteList(runtime: Runtime, at: At, name: string): Promise<void> {
  await changeGroup(runtime, at, async (membership) => {
    allowChange(membership);
    const found = findList(await readLists(runtime.db, membership.roster.group.id), name);
    if (found === undefined) throw new DomainError('NOT_FOUND');
    return [{ kind: 'dropList', listId: found.id }];
  });
}

/** Who may not see lists hears that first, as by text. */
function allowChange(membership: Membership): void {
  allow('listMembers', membership);
  allow('changeGroup', membership);
}

const refusals: Record<NonNullable<ReturnType<typeof faultOfListName>>, [ErrorToken, { subtype?: string }]> = {
  isTooLong: ['BAD_REQUEST', { subtype: 'name' }],
  isTaken: ['BAD_REQUEST', { subtype: 'name' }],
  isMember: ['NAME_IN_USE', {}],
};

function memberOf(runtime: Runtime, roster: Roster, number: string): Member {
  const phone = readPhone(number, phonesOf(runtime));
  const member = phone === null ? undefined : findByPhone(roster, phone);
  if (member === undefined || member.left) throw new DomainError('MEMBER_LOOKUP_FAILED', { subtype: phone ?? number });
  return member;
}
