import { approve, countAwaiting, endAwaiting, insertAwaiting } from '../../db/groups/approvals.ts';
import { lockGroup } from '../../db/groups/groups.ts';
import type { SystemMessage } from '../delivery/system-messages.ts';
import { addressOf } from '../groups/welcome.ts';
import { approvalTexts } from '../rules/commands/approvals.ts';
import { callBy } from '../rules/commands/command.ts';
import { runsGroup } from '../rules/permissions.ts';
import type { Act } from './act.ts';
import { type EffectHandlers, rosterOf, Stale, senderOf, toSender } from './context.ts';

/** Texts to all that wait for an owner: each is approved, declined or over once, also where several try at a time. */
export const approving: EffectHandlers<'askApproval' | 'approve' | 'decline' | 'lapseApproval'> = {
  async askApproval({ tx, act, systemMessages }, { kind: _, ...said }) {
    const { group, members } = rosterOf(act);
    const by = senderOf(act);
    // The lock keeps two from being the last that may wait.
    if ((await lockGroup(tx, group.id))?.state !== 'active') throw new Stale();
    if ((await countAwaiting(tx, group.id)) >= MOST_AWAITING) {
      systemMessages.push(toSender(act, () => approvalTexts.tooManyAwait({ group: group.name })));
      return;
    }
    const until = new Date(act.now.getTime() + AWAITED_MS);
    const id = await insertAwaiting(tx, { ...said, groupId: group.id, saidBy: by.id, until, now: act.now });
    systemMessages.push(
      toSender(act, () => approvalTexts.waitsForOwner({ group: group.name })),
      {
        groupId: group.id,
        text: () => approvalTexts.awaits({ ...said, id, who: callBy(by), group: group.name }),
        to: members.filter((member) => runsGroup(member)).map(addressOf),
        urgent: false,
      },
    );
  },
  async approve({ tx, act, systemMessages }, { scheduleId, saidBy }) {
    // Another owner was faster: decided again, it waits no longer.
    if (!(await approve(tx, awaitingOf(act, scheduleId)))) throw new Stale();
    systemMessages.push(...tellSpeaker(act, saidBy, () => approvalTexts.approvedYours(wordsOf(act))));
  },
  async decline({ tx, act, systemMessages }, { scheduleId, saidBy, text }) {
    if (!(await endAwaiting(tx, awaitingOf(act, scheduleId)))) throw new Stale();
    systemMessages.push(...tellSpeaker(act, saidBy, () => approvalTexts.declinedYours({ ...wordsOf(act), text })));
  },
  async lapseApproval({ tx, act }, { scheduleId }) {
    if (!(await endAwaiting(tx, awaitingOf(act, scheduleId)))) throw new Stale();
  },
};

/** Of a group: enough for its speakers, and few enough to be read. */
const MOST_AWAITING = 20;
const AWAITED_MS = 24 * 3_600_000;

function awaitingOf({ roster, now }: Act, id: number): { id: number; groupId: number; now: Date } {
  return { id, groupId: roster?.group.id ?? 0, now };
}

function wordsOf(act: Act): { who: string; group: string } {
  return { who: callBy(senderOf(act)), group: rosterOf(act).group.name };
}

function tellSpeaker(act: Act, saidBy: number, text: () => string): SystemMessage[] {
  const { group, members } = rosterOf(act);
  const speaker = members.filter(({ id }) => id === saidBy && id !== act.by.membershipId);
  return [{ groupId: group.id, text, to: speaker.map(addressOf), urgent: false }];
}
