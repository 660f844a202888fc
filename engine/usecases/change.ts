import { findGroupByCode } from '../../db/groups/groups.ts';
import { findPerson } from '../../db/people/people.ts';
import type { Act, CallKey } from '../effects/act.ts';
import { perform } from '../effects/perform.ts';
import { findMembership } from '../groups/membership.ts';
import { decideAgain } from '../platform/decide-again.ts';
import { DomainError } from '../platform/errors.ts';
import { type KeyedQueue, openKeyedQueue } from '../platform/keyed-queue.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Cause } from '../rules/budgets.ts';
import type { Effect } from '../rules/effects.ts';
import type { Membership, Roster } from '../rules/types.ts';

/**
 * A member changes something about their group: decides on the group as it is, and again when it changed meanwhile.
 * Throws MEMBER_LOOKUP_FAILED where the pair of phone and number names no membership, and whatever refuses the change.
 */
export async function changeGroup(
  runtime: Runtime,
  at: { phone: string; number: string },
  decide: (membership: Membership) => Effect[] | Promise<Effect[]>,
  { find = findMembership, call }: { find?: typeof findMembership; call?: CallKey | undefined } = {},
): Promise<void> {
  await untilDone(runtime, async () => {
    const membership = await find(runtime, at);
    if (membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
    const effects = await decide(membership);
    const { id, personId, numberId } = membership.member;
    return {
      by: { personId, numberId, membershipId: id },
      cause: { by: 'member', personId },
      roster: membership.roster,
      effects,
      ...(call === undefined ? {} : { call }),
    };
  });
}

/** The active group of an invite code, in any case. */
export async function findInvited(runtime: Runtime, code: string): Promise<Roster | null> {
  if (!CODE.test(code)) return null;
  const group = await findGroupByCode(runtime.db, code);
  return group === undefined ? null : runtime.rosters.read({ ...group, groupId: group.id });
}

/** Nothing else is ever a code. ASCII, so that no foreign letter becomes one of them in lower case. */
const CODE = /^[\w-]+$/;

/**
 * Adds somebody by an invite code, or asks them first; `agreed` where the call has a session of that phone. Returns the group's name. Throws NOT_FOUND, then MISSING_FIELDS without a name
 * where the group needs one, then what forbids it.
 */
export async function joinGroup(
  runtime: Runtime,
  {
    code,
    name,
    phone,
    agreed,
    cause,
  }: { code: string; name: string | null; phone: string; agreed: boolean; cause: Cause },
): Promise<string> {
  const { roster } = await untilDone(runtime, async () => {
    const roster = await findInvited(runtime, code);
    if (roster === null) throw new DomainError('NOT_FOUND');
    if (name === null && !roster.group.replyToOwner) throw new DomainError('MISSING_FIELDS', { subtype: ['name'] });
    // A new person gets a row only when they are added: a refused call leaves nothing behind.
    const person = await findPerson(runtime.db, phone);
    const by = { personId: person?.id ?? 0, membershipId: null, numberId: 0 };
    return { by, cause, roster, effects: [{ kind: 'add', name, phone, joins: true, agreed }] };
  });
  return roster.group.name;
}

type Decided = Pick<Act, 'by' | 'cause' | 'call'> & { roster: Roster; effects: Effect[] };

/** Performs what is decided, and decides again where the group was changed meanwhile; returns what was done. */
async function untilDone(runtime: Runtime, decide: () => Promise<Decided>): Promise<Decided> {
  return decideAgain(async () => {
    const first = await decide();
    return runtime.use(openGroupQueue).run(first.roster.group.id, async (waited) => {
      const decided = waited ? await decide() : first;
      const performed = await perform(runtime, { ...decided, inbound: null, now: new Date() });
      return performed === 'stale' ? performed : decided;
    });
  });
}

/**
 * Without it fifty who join in the same instant would all decide on the same roster, and one of them would be right.
 * Other processes do not matter: MySQL's lock and the roster's version keep changes apart, this only saves vain tries.
 */
function openGroupQueue(): KeyedQueue<number> {
  return openKeyedQueue({ together: false, waitMs: 2_500 });
}
