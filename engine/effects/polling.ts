import { lockGroup } from '../../db/groups/groups.ts';
import { closePoll, openPoll, putVote, readOpenPoll } from '../../db/groups/polls.ts';
import { type EffectHandlers, rosterOf, Stale, senderOf } from './context.ts';

/** Polls: the question, a member’s answer, and the end. */
export const polling: EffectHandlers<'openPoll' | 'vote' | 'closePoll'> = {
  async openPoll({ tx, act }, { question, choices, insteadOf }) {
    const groupId = rosterOf(act).group.id;
    // The lock keeps two from asking at once.
    if ((await lockGroup(tx, groupId))?.state !== 'active') throw new Stale();
    const open = await readOpenPoll(tx, groupId);
    if ((open?.id ?? null) !== insteadOf) throw new Stale();
    await openPoll(tx, { groupId, byId: senderOf(act).id, question, choices, now: act.now });
  },
  async vote({ tx, act }, { pollId, choice }) {
    // It was closed in this instant: decided again, the text is a message.
    if (!(await putVote(tx, { pollId, memberId: senderOf(act).id, choice, now: act.now }))) throw new Stale();
  },
  async closePoll({ tx, act }, { pollId, count }) {
    if (!(await closePoll(tx, { pollId, count, now: act.now }))) throw new Stale();
  },
};
