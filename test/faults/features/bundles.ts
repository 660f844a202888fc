import { row, rows, run } from '../../../db/connect.ts';
import type { Fixture } from '../fixture.ts';
import { insistOnMysql, openDoors } from './doors.ts';
import type { OpenFeature } from './feature.ts';
import type { FeatureGroup, Player } from './group.ts';
import { arrivalsIn, judgeWords, type Word } from './words.ts';

/**
 * A group is busy, so that who only reads gets one text for several. Two talk, a third seldom; what the others are owed
 * is due every few seconds instead of every three minutes.
 */
export const openBundles: OpenFeature = async ({ fixture, group, random }) => {
  const doors = openDoors(fixture, group);
  const words: Word[] = [];
  const [first, second, seldom] = group.players;
  if (first === undefined || second === undefined || seldom === undefined) throw new Error('nobody is there to talk');
  await insistOnMysql(() => makeBusy(fixture, group));
  /** While MySQL is away nothing comes due, and the group may cool down; the next time is soon. */
  async function keepDue(): Promise<void> {
    await makeBusy(fixture, group)
      .then(() => comeDue(fixture, group))
      .catch(() => undefined);
  }
  async function say(talker: Player): Promise<void> {
    const id = ++lastWord;
    const said = `Song w${id}w is next${random.next() < LONG ? ', la la la'.repeat(14) : ''}`;
    const word: Word = {
      ...{ id, line: `${talker.name}: ${said}`, saidAt: Date.now(), acceptedAt: null },
      to: group.players.filter((player) => player !== talker).map(({ phone }) => phone),
    };
    words.push(word);
    const answer = await doors[random.pick(['text', 'callOnce'] as const)](talker, said);
    word.acceptedAt = answer?.until ?? null;
  }
  return {
    restMs: [1_500, 4_000],
    async round() {
      // Who answer each other at once, again and again, are taken for machines: two in a row each.
      const inTurn = ++lastRound % 4 < 2 ? first : second;
      const talker = random.next() < SELDOM ? seldom : inTurn;
      const talkers = random.next() < AT_ONCE ? [first, first, second, second] : [talker];
      await Promise.all(talkers.map(say));
      if (random.next() < DUE) await keepDue();
    },
    async isQuiet() {
      await comeDue(fixture, group);
      const sql = 'SELECT COUNT(*) AS owing FROM bundles WHERE group_id = ? AND first_id IS NOT NULL';
      return (await row<{ owing: number }>(fixture.db, sql, [group.id]))?.owing === 0;
    },
    async judge(heard) {
      const { arrivals, mangled } = arrivalsIn(heard.texts, words);
      const ranks = await readRanks(fixture, { group, words });
      const { onHosts } = fixture;
      return [...mangled, ...judgeWords({ words, arrivals, ranks, heard, onHosts })];
    },
  };
};

let lastWord = 0;
let lastRound = 0;
const SELDOM = 0.1;
const LONG = 0.2;
const AT_ONCE = 0.15;
const DUE = 0.5;

/**
 * As the heat of the group makes it, which would take twenty texts first. Between two faults, or by a clock that is wrong, it
 * may have become calm again.
 */
async function makeBusy({ db }: Fixture, { id }: FeatureGroup): Promise<void> {
  const sql = `UPDATE \`groups\` SET hot = 1, bundling = 1, roster_version = roster_version + 1, roster_tag = roster_tag + 1
    WHERE id = ? AND (hot = 0 OR bundling = 0)`;
  await run(db, sql, [id]);
}

async function comeDue({ db }: Fixture, { id }: FeatureGroup): Promise<void> {
  await run(db, 'UPDATE bundles SET due_at = NOW(3) WHERE group_id = ? AND first_id IS NOT NULL AND due_at > NOW(3)', [
    id,
  ]);
}

/** In which order words were accepted, by the ids that the group gave them. */
async function readRanks(
  { db }: Fixture,
  { group, words }: { group: FeatureGroup; words: readonly Word[] },
): Promise<Map<number, number>> {
  const kept = await rows<{ rank: number; text: string }>(
    db,
    "SELECT message_id AS `rank`, text FROM messages WHERE group_id = ? AND kind = 'said' AND message_id IS NOT NULL",
    [group.id],
  );
  const ids = new Map(words.map(({ id, line }) => [line, id]));
  return new Map(kept.map(({ rank, text }) => [ids.get(text) ?? 0, rank]));
}
