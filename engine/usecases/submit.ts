import { accountsOf } from '../../db/billing/accounts.ts';
import { whoGetsPush } from '../delivery/pushes.ts';
import type { CallKey } from '../effects/act.ts';
import { performOrAnswer } from '../effects/answers.ts';
import { findMembership, isGroupSuspended } from '../groups/membership.ts';
import { decideAgain } from '../platform/decide-again.ts';
import { DomainError } from '../platform/errors.ts';
import type { Runtime } from '../platform/runtime.ts';
import { recipientsOf } from '../rules/audience.ts';
import { isCommand } from '../rules/commands.ts';
import { changesRoster, type Effect } from '../rules/effects.ts';
import { priceOf } from '../rules/price.ts';
import { readReaction } from '../rules/reactions.ts';
import { routeMember } from '../rules/route.ts';
import type { Membership, Said } from '../rules/types.ts';
import { allow } from './allow.ts';
import { loadCommandContext } from './inbound/command-context.ts';

/**
 * Sends what an app submits for a member, by the same rules as a text. `text` is already cleaned. Returns `refresh` true
 * for a command that changed something. Throws MEMBER_LOOKUP_FAILED (they left, or the group
 * ended meanwhile) and SUSPENDED.
 */
export async function send(
  runtime: Runtime,
  { membership, text, cc, call }: { membership: Membership; text: string; cc: boolean; call?: CallKey | undefined },
): Promise<{ refresh: boolean }> {
  const at = { phone: membership.member.phone, number: membership.member.number };
  let first: Membership | null = membership;
  return decideAgain(async () => {
    const current = first ?? (await findMembership(runtime, at));
    if (current === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
    first = null;
    const now = new Date();
    const effects = await decide(runtime, current, asSaid(text, cc), now);
    const { personId, numberId, id } = current.member;
    const { performed, changed } = await performOrAnswer(runtime, {
      by: { personId, numberId, membershipId: id },
      roster: current.roster,
      effects,
      inbound: null,
      now,
      ...(call === undefined ? {} : { call }),
    });
    return performed === 'stale' ? performed : { refresh: changed && effects.some(changesRoster) };
  });
}

/**
 * What sending would do, and nothing of it: to how many phones, how many segments to each, and what all of it costs
 * in pennies; a push costs nothing. A command goes to nobody and costs nothing, but for `*to`. Refuses as `send` does.
 */
export async function preview(
  runtime: Runtime,
  { membership, text, cc }: { membership: Membership; text: string; cc: boolean },
): Promise<{ recipients: number; segments: number; cost: number }> {
  const now = new Date();
  const effects = await decide(runtime, membership, asSaid(text, cc), now);
  const say = effects.find((effect) => effect.kind === 'say');
  if (say === undefined) return { recipients: 0, segments: 0, cost: 0 };
  const { roster, member } = membership;
  const recipients = recipientsOf(roster, { ...say, senderId: member.id }, now.getTime()).filter(
    ({ skip }) => skip === null,
  );
  const pushed = await whoGetsPush(
    runtime,
    recipients.map((one) => one.member),
  );
  const { PRICE_PER_SEGMENT: pricePerSegment, PRICE_PER_MMS: pricePerMms } = runtime.config;
  const { segments, cost } = priceOf({ ...say, pricePerSegment, pricePerMms });
  const account = (await accountsOf(runtime.db, [roster.group.ownerPersonId])).get(roster.group.ownerPersonId);
  const isFree = account === undefined || account.type === 'F';
  return { recipients: recipients.length, segments, cost: isFree ? 0 : (recipients.length - pushed.size) * cost };
}

function asSaid(text: string, cc: boolean): Said {
  return { text, media: [], cc, reaction: readReaction(text) };
}

/** What a call wants done, or why it cannot be. */
async function decide(runtime: Runtime, membership: Membership, said: Said, now: Date): Promise<Effect[]> {
  const suspended = await isGroupSuspended(runtime, membership.roster.group.ownerPersonId);
  const context = await loadCommandContext(runtime, membership, said, now);
  const effects = routeMember(said, { membership, suspended, context });
  if (isCommand(said.text)) return effects;
  allow('say', membership);
  if (effects.some(({ kind }) => kind === 'hint')) throw new DomainError('SUSPENDED');
  return effects;
}
