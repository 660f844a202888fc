import { audienceOf, needsApproval } from '../audience.ts';
import type { Effect } from '../effects.ts';
import { cut, list } from '../fit.ts';
import { isArgument, patternOf } from '../languages/arguments.ts';
import { languageOf } from '../languages/language.ts';
import { speakIn } from '../languages/speaking.ts';
import { languageOfOwner } from '../membership.ts';
import { denialOf, runsGroup } from '../permissions.ts';
import { checkPoll, type NewPoll, type OpenPoll, type PollError, readPoll, takesAnswers, tallyOf } from '../polls.ts';
import { prefixed, toGsm } from '../text.ts';
import { texts } from '../texts.ts';
import type { Membership, Roster } from '../types.ts';
import { wording } from '../wording.ts';
import { words } from '../words.ts';
import { answer, type Call, type CommandRows, callBy, explain } from './command.ts';
import { scheduleTexts } from './schedule.ts';

/** Asking the group, and counting heads. */
export const polls = {
  poll: {
    also: ['vote', 'ask', 'survey', 'polls', 'voter'],
    usage: '*poll Question? a/b/c',
    does: 'asks all; *poll close tells all',
    permission: 'say',
    needs: 'votes',
    run(call) {
      const { rest } = call;
      if (rest === '') return show(call);
      if (isArgument(rest, 'close')) return close(call);
      return ask(
        call,
        toAll(call.membership, () => readPoll(rest)),
      );
    },
  },
  rsvp: {
    also: ['headcount', 'attend', 'coming', 'presence'],
    usage: '*rsvp EVENT',
    does: 'asks who comes',
    permission: 'say',
    needs: 'headCount',
    run(call) {
      const scheduled = HEAD_COUNT.exec(call.rest);
      if (scheduled !== null) return attach(call, { id: Number(scheduled[1]), on: scheduled[2] === undefined });
      const question = call.rest.replace(/\s+/gu, ' ');
      return question === '' ? explain(call.how) : ask(call, headCountOf(question, call.membership));
    },
  },
} satisfies CommandRows;

function ask(call: Call, read: NewPoll | PollError): Effect[] {
  const { membership, said, suspended, context, how } = call;
  const { roster, member } = membership;
  const { name: group } = roster.group;
  if (audienceOf(roster, member) !== null) return answer(pollTexts.notAskedHere({ group }));
  if (needsApproval(roster, member)) return answer(pollTexts.ownersAsk({ group }));
  if (read === 'unclear') return explain(how);
  if (typeof read === 'string') return answer(errorTexts[read]());
  if (said.media.length > 0) return answer(pollTexts.noPollPictures());
  if (roster.group.paused) return answer(texts.paused({ group }));
  if (suspended) return answer(texts.suspended({ group }));
  const { poll } = context;
  if (poll !== null && takesAnswers(poll, context.now)) return answer(pollTexts.isOpen({ question: poll.question }));
  const asked = toGsm(prefixed({ ...member, text: toAll(call.membership, () => pollTexts.pollAsked(read)) }));
  return [
    { kind: 'openPoll', ...read, insteadOf: poll?.id ?? null },
    { kind: 'say', text: asked, media: [], toId: null, cc: said.cc },
    ...answer(pollTexts.isAsked({ group })),
  ];
}

const HEAD_COUNT = new RegExp(`^#?(\\d{1,15})(?:\\s+(${patternOf('off')}))?[.!]?$`, 'iu');

/** A text that waits asks who comes at its time, each time where it repeats. */
function attach(call: Call, { id, on }: { id: number; on: boolean }): Effect[] {
  const { membership, context } = call;
  const { name: group } = membership.roster.group;
  if (denialOf('manageSchedules', membership) !== null) return answer(texts.ownerOnly({ group }));
  const one = context.schedules?.find((waiting) => waiting.id === id);
  if (one === undefined) return answer(scheduleTexts.noSuch({ group, id: String(id) }));
  const read = headCountOf(one.text, membership);
  if (typeof read === 'string') return answer(read === 'unclear' ? pollTexts.questionTooLong() : errorTexts[read]());
  const put = { group, text: one.text, id };
  const told = answer((on ? pollTexts.headCountOn : pollTexts.headCountOff)(put));
  return (one.headCount ?? false) === on ? told : [{ kind: 'setHeadCount', scheduleId: id, on }, ...told];
}

/**
 * What a text that asks who comes does at its time: it opens a poll, in place of one that is over, or of its own of the week
 * before. While another is open it goes out as it is, and who says it is told.
 */
export function askAtItsTime(
  words: string,
  membership: Membership,
  { poll, now }: { poll: OpenPoll | null; now: number },
): { words: string; effects: Effect[] } {
  const { name: group } = membership.roster.group;
  const read = headCountOf(words.replace(/\s+/gu, ' '), membership);
  if (typeof read === 'string') return { words, effects: [] };
  if (poll !== null && poll.question !== read.question && takesAnswers(poll, now))
    return { words, effects: answer(pollTexts.headCountBusy({ group, question: poll.question })) };
  const asked = toAll(membership, () => pollTexts.pollAsked(read));
  return { words: asked, effects: [{ kind: 'openPoll', ...read, insteadOf: poll?.id ?? null }] };
}

function headCountOf(question: string, membership: Membership): NewPoll | PollError {
  return toAll(membership, () => checkPoll({ question, choices: Object.values(words().poll) }));
}

function show({ membership: { roster, member }, context }: Call): Effect[] {
  const { poll, votes } = context;
  if (poll === null || votes === null) return answer(pollTexts.noPoll({ group: roster.group.name }));
  const { counts, silent } = tallyOf(poll, votes.votes, roster);
  const own = votes.votes.find(({ memberId }) => memberId === member.id);
  return answer(
    pollTexts.soFar({
      question: poll.question,
      counts: counts.map(sayCount),
      silent: silent.length,
      own: own === undefined ? null : (poll.choices[own.choice] ?? null),
    }),
  );
}

/** The result to all, and to the owner who has not answered; where nothing can be said, to who closes it alone. */
function close(call: Call): Effect[] {
  const { membership, said, suspended, context } = call;
  const { roster, member } = membership;
  const { poll, votes } = context;
  const { name: group } = roster.group;
  if (poll === null || votes === null) return answer(pollTexts.noPoll({ group }));
  if (poll.byId !== member.id && !runsGroup(member)) return answer(pollTexts.notYours({ group }));
  const { counts, silent } = tallyOf(poll, votes.votes, roster);
  const sums = { question: poll.question, counts: counts.map(sayCount), silent: silent.length };
  const closes: Effect = { kind: 'closePoll', pollId: poll.id, count: votes.count };
  const isMute = suspended || roster.group.paused || audienceOf(roster, member) !== null;
  if (isMute || needsApproval(roster, member)) return [closes, ...answer(pollTexts.result(sums))];
  const who = roster.members.filter(({ id }) => silent.includes(id)).map(callBy);
  const told: Effect[] = runsGroup(member)
    ? answer(pollTexts.closed({ group, who }))
    : [...answer(pollTexts.closedFor({ group })), ...tellOwner(poll, roster, who)];
  const text = toGsm(prefixed({ ...member, text: toAll(call.membership, () => pollTexts.result(sums)) }));
  return [closes, { kind: 'say', text, media: [], toId: null, cc: said.cc }, ...told];
}

/** What all hear is in the language of the group. */
function toAll<T>({ roster }: Membership, write: () => T): T {
  return speakIn(languageOf({ own: null, group: roster.group.language }), write);
}

function tellOwner({ id }: OpenPoll, roster: Roster, who: readonly string[]): Effect[] {
  const { name: group } = roster.group;
  const text = speakIn(languageOfOwner(roster), () => pollTexts.closed({ group, who }));
  return [{ kind: 'tellOwner', subject: `poll-${id}`, text }];
}

function sayCount({ choice, count }: { choice: string; count: number }): string {
  return `${choice} ${count}`;
}

/** Enough for eight choices that are not long. */
export const COUNTS_ROOM = 130;

/** What these commands say, and what an answer to a poll is answered. */
export const pollTexts = wording({
  pollAsked: ({ question, choices }: { question: string; choices: readonly string[] }) =>
    `${question} Reply ${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`,
  isAsked: ({ group }: { group: string }) =>
    `Everyone in "${group}" is asked, and you can answer too. *poll shows the answers, *poll close tells everyone the result.`,
  isOpen: ({ question }: { question: string }) =>
    `This poll is still open: ${question} *poll close ends it. Nothing was sent to the group.`,
  noPoll: ({ group }: { group: string }) => `No poll is open in "${group}". *poll Question? yes/no asks everyone.`,
  notYours: ({ group }: { group: string }) =>
    `Only who asked, or the owner of "${group}", can close this poll. *poll shows the answers so far.`,
  notAskedHere: ({ group }: { group: string }) =>
    `In "${group}", texts go only to the owner, so you can't ask everyone. Nothing was sent.`,
  noPollPictures: () => "A poll can't have pictures, only words. Nothing was sent to the group.",
  ownersAsk: ({ group }: { group: string }) =>
    `What you text to all of "${group}" waits for an owner's OK, so only owners can ask everyone. Nothing was sent.`,
  counted: ({ choice, question }: { choice: string; question: string }) =>
    `Counted: ${choice}, for ${question} Another answer changes it. SEND says it to the group too.`,
  soFar: ({ question, counts, silent, own }: Counts & { own: string | null }) =>
    `${question} ${list(counts, COUNTS_ROOM)}, no answer ${silent}.${own === null ? '' : ` You: ${own}.`}`,
  result: ({ question, counts, silent }: Counts) =>
    `Closed: ${question} ${list(counts, COUNTS_ROOM)}, no answer ${silent}.`,
  closed: ({ group, who }: { group: string; who: readonly string[] }) =>
    who.length === 0
      ? `Poll closed, and "${group}" is told. Everyone has answered.`
      : `Poll closed, and "${group}" is told. No answer from ${list(who, 160)}.`,
  closedFor: ({ group }: { group: string }) => `Poll closed, and "${group}" is told the result.`,
  headCountOn: ({ group, text, id }: { group: string; text: string; id: number }) =>
    `When this goes out to "${group}", it asks who comes: ${cut(text, 60)}\n*rsvp ${id} off ends that.`,
  headCountOff: ({ group, text }: { group: string; text: string; id: number }) =>
    `This goes out to "${group}" without asking who comes: ${cut(text, 60)}`,
  headCountBusy: ({ group, question }: { group: string; question: string }) =>
    `Your text to "${group}" went out without asking who comes: a poll was open. ${cut(question, 60)}`,
  questionTooLong: () => 'That question is too long for a poll. Nothing was sent to the group.',
  choiceTooLong: () => 'One of the answers is too long: 20 letters at most. Nothing was sent to the group.',
  tooManyChoices: () => 'A poll has at most 8 answers. Nothing was sent to the group.',
  sameChoice: () => 'Two of the answers are the same. Nothing was sent to the group.',
  choiceIsTaken: () =>
    "STOP, HELP and words like them mean something else here, so they can't be answers. Nothing was sent to the group.",
});

type Counts = { question: string; counts: readonly string[]; silent: number };

const errorTexts: Record<Exclude<PollError, 'unclear'>, () => string> = {
  questionTooLong: pollTexts.questionTooLong,
  choiceTooLong: pollTexts.choiceTooLong,
  tooManyChoices: pollTexts.tooManyChoices,
  sameChoice: pollTexts.sameChoice,
  choiceIsTaken: pollTexts.choiceIsTaken,
};
