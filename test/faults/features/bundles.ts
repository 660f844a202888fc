import { row, rows, run } from '../../../db/connect.ts';
import type { Fixture } from '../fixture.ts';
import { insistOnMysql, openDoors } from './doors.ts';
import type { OpenFeature } from './feature.ts';
import type { FeatureGroup } from './group.ts';
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
  await makeBusy(fixture, group);
  return {
    restMs: [1_200, 3_200],
    async round() {
      const talker = random.next() < SELDOM ? seldom : random.pick([first, second]);
      const id = ++lastWord;
      const said = `Song w${id}w is next${random.next() < LONG ? ', la la la'.repeat(14) : ''}`;
      const word: Word = {
        ...{ id, line: `${talker.name}: ${said}`, saidAt: Date.now(), acceptedAt: null },
        to: group.players.filter((player) => player !== talker).map(({ phone }) => phone),
      };
      words.push(word);
      const answer = await doors[random.pick(['text', 'callOnce'] as const)](talker, said);
      word.acceptedAt = answer?.until ?? null;
      // While MySQL is away nothing comes due; the next round tries again.
      if (random.next() < DUE) await comeDue(fixture, group).catch(() => undefined);
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
const SELDOM = 0.1;
const LONG = 0.2;
const DUE = 0.5;

/** As the heat of the group makes it, which would take twenty texts first, and after ten calm minutes twenty more. */
async function makeBusy({ db }: Fixture, { id }: FeatureGroup): Promise<void> {
  const sql = `UPDATE \`groups\` SET hot = 1, bundling = 1, roster_version = roster_version + 1, roster_tag = roster_tag + 1
    WHERE id = ? AND (hot = 0 OR bundling = 0)`;
  await insistOnMysql(() => run(db, sql, [id]));
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
