import { findGroupByCode } from '../db/groups.ts';
import { findPerson } from '../db/people.ts';
import { Refusal } from './errors.ts';
import { perform } from './perform.ts';
import type { Effect } from './rules/effects.ts';
import type { Obstacle } from './rules/membership.ts';
import type { Roster, Standing } from './rules/types.ts';
import type { Runtime } from './runtime.ts';
import { findStanding } from './standing.ts';

/**
 * A member changes something about their group: decides on the group as it is, and again when it changed meanwhile.
 * Throws MEMBER_LOOKUP_FAILED where the pair of phone and number names no membership, and whatever refuses the change.
 */
export async function changeGroup(
  runtime: Runtime,
  at: { phone: string; number: string },
  decide: (standing: Standing) => Effect[] | Promise<Effect[]>,
  find: typeof findStanding = findStanding,
): Promise<void> {
  for (let tries = 1; tries <= DECISIONS; tries++) {
    const standing = await find(runtime, at);
    if (standing === null) throw new Refusal('MEMBER_LOOKUP_FAILED');
    const effects = await decide(standing);
    const { id, personId, numberId } = standing.member;
    const by = { personId, numberId, membershipId: id };
    if ((await perform(runtime, { by, roster: standing.roster, effects, inbound: null, now: new Date() })) === 'done')
      return;
  }
  throw new Error('the group changed faster than it could be decided on');
}

/** The active group of an invite code, in any case. */
export async function findInvited(runtime: Runtime, code: string): Promise<Roster | null> {
  if (!CODE.test(code)) return null;
  const group = await findGroupByCode(runtime.db, code);
  return group === undefined ? null : runtime.rosters.read({ groupId: group.id, version: group.version });
}

/** Nothing else is ever a code. ASCII, so that no foreign letter becomes one of them in lower case. */
const CODE = /^[\w-]+$/;

/**
 * Somebody joins by an invite code; answers the group's name. Throws NOT_FOUND, then MISSING_FIELDS without a name
 * where the group needs one, then the obstacles, in `order`.
 */
export async function joinGroup(
  runtime: Runtime,
  { code, name, phone, order }: { code: string; name: string | null; phone: string; order: readonly Obstacle[] },
): Promise<string> {
  for (let tries = 1; tries <= DECISIONS; tries++) {
    const roster = await findInvited(runtime, code);
    if (roster === null) throw new Refusal('NOT_FOUND');
    if (name === null && !roster.group.replyToOwner) throw new Refusal('MISSING_FIELDS', { subtype: ['name'] });
    const now = new Date();
    // Whoever is unknown is met when they are added: a refused call leaves nothing behind.
    const person = await findPerson(runtime.db, phone);
    const by = { personId: person?.id ?? 0, membershipId: null, numberId: 0 };
    const effects: Effect[] = [{ kind: 'add', name, phone, joins: true, order }];
    if ((await perform(runtime, { by, roster, effects, inbound: null, now })) === 'done') return roster.group.name;
  }
  throw new Error('the group changed faster than it could be decided on');
}

/** Each try sees a newer roster, so more than a few are rare. */
const DECISIONS = 20;
