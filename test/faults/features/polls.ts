import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from '../../../db/connect.ts';
import { readOpenPoll } from '../../../db/groups/polls.ts';
import type { Fixture } from '../fixture.ts';
import type { Random } from '../random.ts';
import { type Doors, insistOnMysql, openDoors, type Spoken } from './doors.ts';
import type { OpenFeature } from './feature.ts';
import type { FeatureGroup, Player } from './group.ts';
import { findUnheard, type Heard } from './heard.ts';
import { possibleEnds, type Write } from './writes.ts';

/** A poll is asked, all vote at once, some times each by text and by call, and it is closed, also while they still vote. */
export const openPolls: OpenFeature = async ({ fixture, group, random }) => {
  const doors = openDoors(fixture, group);
  const polls: Poll[] = [];
  return {
    restMs: [15_000, 25_000],
    async round() {
      polls.push(await play(fixture, { doors, group, random }));
    },
    isQuiet: async () => true,
    async judge(heard) {
      const wrong: string[] = [];
      for (const poll of polls)
        if (!heard.isDoubtful(poll.from, poll.until))
          wrong.push(...judgePoll(poll, { counted: await readCounted(fixture, poll.id), group, heard }));
      return wrong;
    },
  };
};

export type Poll = {
  id: number;
  question: string;
  choices: readonly string[];
  /** From the question to the result. */
  from: number;
  until: number;
  votes: readonly Vote[];
};
export type Vote = Write<string> & { phone: string };

let lastPoll = 0;
/** Of each member; the same text from one phone more than five times would be a flood. */
const VOTES = 3;

async function play(fixture: Fixture, { doors, group, random }: Stage): Promise<Poll> {
  const [owner, ...others] = group.players;
  if (owner === undefined) throw new Error('the group of the polls has no owner');
  const at = ++lastPoll;
  const choices = ['red', 'blue', 'green'].map((colour) => `${colour}${at}`);
  const question = `Which colour ${at}?`;
  const from = Date.now();
  await ask({ doors, owner, at }, `${question} ${choices.join('/')}`);
  const open = await insistOnMysql(() => readOpenPoll(fixture.db, group.id));
  if (open?.question !== question) throw new Error(`poll "${question}" was answered as open, and is not`);
  const spoken: VoteSpoken[] = [];
  const voting = Promise.all(
    [owner, ...others].map((player) => voteSomeTimes({ doors, player, choices, random, spoken })),
  );
  if (random.next() < CLOSED_EARLY) await sleep(random.between(0, 100));
  else await voting;
  const closing = await close({ doors, owner, at });
  await voting;
  return {
    id: open.id,
    question,
    choices,
    from,
    until: Date.now(),
    votes: spoken.flatMap((one) => votesIn(one, closing)),
  };
}

type Stage = { doors: Doors; group: FeatureGroup; random: Random };
type Asking = { doors: Doors; owner: Player; at: number };
type VoteSpoken = Spoken & { phone: string; value: string };
const CLOSED_EARLY = 0.3;

/** One that MySQL has forgotten to be closed is closed first. */
async function ask({ doors, owner, at }: Asking, poll: string): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    const { reply } = await doors.call(owner, `*poll ${poll}`);
    if (reply.includes('is asked')) return;
    if (!reply.includes('still open')) throw new Error(`"*poll ${poll}" was answered "${reply}"`);
    await doors.call(owner, closingWords(at + tries));
  }
  throw new Error(`"*poll ${poll}" found another poll open again and again`);
}

/** By text and by call at once: the result is told once. */
async function close({ doors, owner, at }: Asking): Promise<{ from: number; until: number }> {
  const words = closingWords(at);
  const from = Date.now();
  const [{ reply }] = await Promise.all([doors.call(owner, words), doors.text(owner, words)]);
  // The text was faster where no poll is open any more.
  if (!/^Poll closed|^No poll is open/.test(reply)) throw new Error(`"${words}" was answered "${reply}"`);
  return { from, until: Date.now() };
}

/** So many that the same words come again in some minutes at the earliest: more would be a flood. */
function closingWords(at: number): string {
  const words = ['close', 'end', 'stop', 'done', 'finish', 'result', 'results'];
  return `*poll ${words[at % words.length]}${['', '.', '!'][at % 3]}`;
}

/** All at once, or one after the other is answered. */
async function voteSomeTimes(by: Voter): Promise<void> {
  const { choices, random } = by;
  const wanted = Array.from({ length: VOTES }, () => random.pick(choices));
  if (random.next() < 0.5) await Promise.all(wanted.map((value) => vote(by, value)));
  else for (const value of wanted) await vote(by, value);
}

type Voter = { doors: Doors; player: Player; choices: readonly string[]; random: Random; spoken: VoteSpoken[] };

async function vote({ doors, player, random, spoken }: Voter, value: string): Promise<void> {
  const door = random.pick(['text', 'callOnce', 'call'] as const);
  const one = await doors[door](player, value);
  if (one !== null) spoken.push({ ...one, phone: player.phone, value });
}

/**
 * What was answered before the closing began counts for certain. What was said while it closed counts for certain where
 * the answer says so, is a message where the answer of a call is another one, and may be either where it came by text.
 */
export function votesIn(spoken: VoteSpoken, closing: { from: number; until: number }): Vote[] {
  const { reply, phone, value, from, until } = spoken;
  if (until !== null && until < closing.from) return [{ phone, value, from, until }];
  if (reply === null) return [{ phone, value, from, until: null }];
  return reply.startsWith('Counted: ') ? [{ phone, value, from, until }] : [];
}

async function readCounted({ db }: Fixture, pollId: number): Promise<Counted[]> {
  return rows(
    db,
    `SELECT p.phone, v.choice FROM poll_votes v JOIN memberships m ON m.id = v.member_id
     JOIN people p ON p.id = m.person_id WHERE v.poll_id = ?`,
    [pollId],
  );
}
/** Which of the choices, from 0. */
export type Counted = { phone: string; choice: number };

/** One voice a member, their last one; and the result that all are told, once, is what was counted. */
export function judgePoll(
  { question, choices, votes }: Pick<Poll, 'question' | 'choices' | 'votes'>,
  { counted, group, heard }: { counted: readonly Counted[]; group: FeatureGroup; heard: Heard },
): string[] {
  const wrong: string[] = [];
  for (const { phone } of group.players) {
    const mine = counted.filter((one) => one.phone === phone).map(({ choice }) => choices[choice] ?? `none, ${choice}`);
    if (mine.length > 1) wrong.push(`votes: ${phone} has ${mine.length} voices in "${question}"`);
    const [voice = null] = mine;
    const own = votes.filter((one) => one.phone === phone);
    if (!possibleEnds<string | null>(null, own).has(voice))
      wrong.push(`votes: ${phone} ${sayVotes(own)}; ${voice} counts`);
  }
  const [owner, ...others] = group.players;
  const sums = choices.map((choice, at) => `${choice} ${counted.filter((one) => one.choice === at).length}`);
  const result = `${owner?.name}: Closed: ${question} ${sums.join(', ')}, no answer ${group.players.length - counted.length}.`;
  const to = others.map(({ phone }) => phone);
  const told = heard.texts.find(({ text }) => text.includes(`Closed: ${question}`) && text !== result && to.length > 0);
  if (told !== undefined) wrong.push(`votes: "${told.text}" was told of "${result}"`);
  const asked = `${owner?.name}: ${question} Reply `;
  return [
    ...wrong,
    ...findUnheard({ what: `the question "${question}"`, is: (text) => text.startsWith(asked), to }, heard),
    ...findUnheard(
      { what: `the result of "${question}"`, is: (text) => text.includes(`Closed: ${question}`), to },
      heard,
    ),
  ];
}

function sayVotes(votes: readonly Vote[]): string {
  const first = Math.min(...votes.map(({ from }) => from));
  const said = votes.map(({ value, from, until }) => {
    const answered = until === null ? 'unanswered' : `${until - first} ms`;
    return `${value} (${from - first} ms to ${answered})`;
  });
  return said.length === 0 ? 'said nothing' : `said ${said.join(', ')}`;
}
