import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../../db/connect.ts';
import { wallTimeAt } from '../../../engine/rules/wall-clock.ts';
import type { Fixture } from '../fixture.ts';
import { type Doors, insistOnMysql, openDoors } from './doors.ts';
import type { OpenFeature } from './feature.ts';
import type { FeatureGroup, Player } from './group.ts';
import { findUnheard, type Heard } from './heard.ts';
import { countDue, countHeld, endHeld } from './held.ts';

/** The owner texts all while it is night for one of them; then that one travels to where it is day, and it is due. */
export const openHours: OpenFeature = async ({ fixture, group }) => {
  const doors = openDoors(fixture, group);
  const held: Held[] = [];
  const [owner, ...others] = group.players;
  const sleeper = others.at(-1);
  if (owner === undefined || sleeper === undefined) throw new Error('the group of the hours has no members');
  await endHeld(fixture, group);
  return {
    restMs: [10_000, 15_000],
    async round() {
      const words = `Good morning ${++lastText}`;
      const from = Date.now();
      // All of them each time: a long fault lasts into the night, and MySQL may forget where somebody is.
      for (const player of others) await travel({ doors, group, player }, player === sleeper ? NIGHT : NOON);
      const { reply } = await doors.call(owner, words);
      if (!reply.includes('too early or late')) throw new Error(`"${words}" was answered "${reply}" at night`);
      await sleep(HELD_MS);
      await travel({ doors, group, player: sleeper }, NOON);
      const dueAt = Date.now();
      await untilSaid(fixture, group, words);
      const to = others.map(({ phone }) => phone);
      held.push({ words: `${owner.name}: ${words}`, to, from, dueAt, until: Date.now() });
    },
    isQuiet: async () => (await countDue(fixture, group)) === 0,
    judge: async (heard) =>
      held.filter(({ from, until }) => !heard.isDoubtful(from, until)).flatMap((one) => judgeHeld(one, heard)),
  };
};

/** `dueAt`: before that it was night. */
export type Held = { words: string; to: readonly string[]; from: number; dueAt: number; until: number };

let lastText = 0;
const NOON = 12;
const NIGHT = 2;
/** Some turns of a clock. */
const HELD_MS = 2_500;
const SENT_WITHIN_MS = 120_000;

/** To where it is this hour of the day now. */
async function travel(
  { doors, group, player }: { doors: Doors; group: FeatureGroup; player: Player },
  hour: number,
): Promise<void> {
  const zone = Intl.supportedValuesOf('timeZone').find(
    (one) => new Date(wallTimeAt(Date.now(), one)).getUTCHours() === hour,
  );
  if (zone === undefined) throw new Error(`it is ${hour} o’clock nowhere`);
  await doors.insist('/member/set', { sid: player.sid, group: group.number, zone });
}

/** Makes it due, and waits until a clock has said it. */
async function untilSaid(fixture: Fixture, group: FeatureGroup, words: string): Promise<void> {
  const sql = 'UPDATE schedules SET send_at = NOW(3) WHERE group_id = ? AND ended_at IS NULL AND send_at > NOW(3)';
  for (const end = Date.now() + SENT_WITHIN_MS; ; await sleep(300)) {
    await insistOnMysql(() => run(fixture.db, sql, [group.id]));
    if ((await insistOnMysql(() => countHeld(fixture, group))) === 0) return;
    if (Date.now() > end) throw new Error(`"${words}" was due, and did not go within ${SENT_WITHIN_MS / 1_000} s`);
  }
}

/** It goes once to all, and not before it is day for everybody. */
export function judgeHeld({ words, to, dueAt }: Pick<Held, 'words' | 'to' | 'dueAt'>, heard: Heard): string[] {
  const what = `hours: "${words}"`;
  const early = heard.texts.filter(({ text, at }) => text === words && at < dueAt);
  return [
    ...early.map((one) => `${what} reached ${one.to} at night`),
    ...findUnheard({ what, is: (text) => text === words, to }, heard),
  ];
}
