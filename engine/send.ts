import { Refusal } from './errors.ts';
import { perform } from './perform.ts';
import { isCommand } from './rules/commands.ts';
import { changesRoster } from './rules/effects.ts';
import { routeMember } from './rules/route.ts';
import type { Standing } from './rules/types.ts';
import type { Runtime } from './runtime.ts';
import { findStanding, isGroupSuspended } from './standing.ts';

/**
 * An app said something for a member: the same hallway as a text, by the other door. `text` is already cleaned.
 * `refresh` when it was a command that changed something. Refuses with MEMBER_LOOKUP_FAILED (they left, or the group
 * ended meanwhile) and SUSPENDED.
 */
export async function send(
  runtime: Runtime,
  { standing, text, cc }: { standing: Standing; text: string; cc: boolean },
): Promise<{ refresh: boolean }> {
  const at = { phone: standing.member.phone, number: standing.member.number };
  for (let now: Standing | null = standing; now !== null; now = await findStanding(runtime, at)) {
    const suspended = await isGroupSuspended(runtime, now.roster.group.ownerPersonId);
    const effects = routeMember({ text, media: [], cc }, { standing: now, suspended });
    const isMessage = effects.some(({ kind }) => kind === 'say');
    if (!isMessage && !isCommand(text)) throw new Refusal(now.member.left ? 'MEMBER_LOOKUP_FAILED' : 'SUSPENDED');
    const { personId, numberId, id } = now.member;
    const done = await perform(runtime, {
      by: { personId, numberId, membershipId: id },
      roster: now.roster,
      effects,
      inbound: null,
      now: new Date(),
    });
    if (done === 'done') return { refresh: effects.some(changesRoster) };
  }
  throw new Refusal('MEMBER_LOOKUP_FAILED');
}
