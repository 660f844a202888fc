import { setTimeout as sleep } from 'node:timers/promises';
import { row, rows } from '../../db/connect.ts';
import { openRandom } from '../faults/random.ts';
import { countOpen, findUnkept } from '../faults/verdict.ts';
import { STEP } from '../spider/servers.ts';
import type { RunningCell } from './cells.ts';
import type { Fixture } from './fixture.ts';
import { makeByCall, makeGroupsOn } from './groups.ts';
import {
  arrivalsIn,
  call,
  judge,
  type Said,
  say,
  startLoad,
  type TextedGroup,
  untilAllCame,
  type Verdict,
} from './texting.ts';

export type Shape = { seed: number; seconds: number; rate: number };

/** Two groups of the same people, one on each primary, and groups of others. */
export type Stage = { clubs: [TextedGroup, TextedGroup]; groups: readonly TextedGroup[] };

const GROUPS = 3;
const MEMBERS = 8;
const QUIET_WITHIN_MS = 120_000;

export async function makeStage(fixture: Fixture): Promise<Stage> {
  const made: TextedGroup[] = [];
  for (const cell of fixture.cells)
    made.push(...(await makeGroupsOn(cell, { groups: GROUPS, members: MEMBERS, name: `Bench ${cell.name}` })));
  const phones = Array.from({ length: 5 }, (_, at) => `+1303555${String(1001 + at)}`);
  const some = [
    await makeByCall(fixture, { name: 'Some club', phones }),
    await makeByCall(fixture, { name: 'Another club', phones }),
  ];
  const [one, other] = some.sort((a, b) => a.cell.offset - b.cell.offset);
  if (one === undefined || other === undefined) throw new Error('there are two clubs');
  return { clubs: [one, other], groups: [...made, one, other] };
}

/** Whether the groups of a person are listed from both, the ids say whose they are, and each primary has its own groups alone. */
export async function lookAround(fixture: Fixture, { clubs }: Stage): Promise<string[]> {
  const [one, other] = clubs;
  const broken: string[] = [];
  if (one.cell === other.cell) broken.push('two new groups in a row went to the same primary');
  const { groups } = await call(fixture, '/member/groups', { sid: one.sid });
  const listed = Array.isArray(groups) ? groups.length : 0;
  if (listed !== 2) broken.push(`${listed} groups of a person of two are listed`);
  for (const { name, offset, db } of fixture.cells) {
    const strays = await row<{ count: number }>(
      db,
      `SELECT (SELECT COUNT(*) FROM \`groups\` WHERE id MOD ${STEP} <> ?) + (SELECT COUNT(*) FROM messages WHERE id MOD ${STEP} <> ?) AS count`,
      [offset, offset],
    );
    if (strays?.count !== 0) broken.push(`${strays?.count} ids on ${name} are another's`);
  }
  return broken;
}

/** Somebody of both clubs says STOP to one and START to the other: nothing, and then all, comes from either. */
export async function stopAndStart(fixture: Fixture, { clubs }: Stage): Promise<string[]> {
  const [one, other] = clubs;
  const broken: string[] = [];
  const phone = one.phones[2] ?? '';
  async function reached(): Promise<number[]> {
    const said: Said[] = [];
    for (const club of [one, other])
      for (const door of ['text', 'call'] as const)
        said.push(await say(fixture, club, { from: club.phones[0] ?? '', door }));
    const others = said.map((text) => ({ ...text, to: text.to.filter((to) => to !== phone) }));
    if (!(await untilAllCame(fixture, others, { withinMs: QUIET_WITHIN_MS })))
      broken.push('a text to the others was lost');
    await untilQuiet(fixture);
    const came = [...arrivalsIn(fixture.simulator).keys()];
    return said.map(({ id }) => came.filter((key) => key === `${id} ${phone}`).length);
  }
  const [before, stopped, started] = [
    await reached(),
    await fixture.simulator.text({ from: phone, to: other.number, text: 'STOP' }).then(reached),
    await fixture.simulator
      .text({ from: phone, to: one.number, text: 'START' })
      .then(() => sleep(RAISED_WITHIN_MS))
      .then(reached),
  ];
  if (before.some((count) => count !== 1)) broken.push(`before a STOP ${before.join(', ')} of 4 texts came`);
  if (stopped.some((count) => count > 0)) broken.push(`after a STOP ${stopped.join(', ')} of 4 texts came`);
  if (started.some((count) => count !== 1)) broken.push(`after a START ${started.join(', ')} of 4 texts came`);
  return broken;
}
const RAISED_WITHIN_MS = 2_500;

/** `broken`: promises that were not kept; `noted`: what else was seen. */
export type Killing = {
  broken: string[];
  noted: string[];
  killed: string;
  of: Record<string, Verdict>;
  meanwhile: Record<string, Meanwhile>;
};
/** Of texts that were said while it was gone. `atOnce`: accepted before it was back. */
export type Meanwhile = Verdict & { atOnce: number; refused: number };

/** Kills a primary under load and starts it again. What of the other one's groups comes meanwhile, and what is lost of either's? */
export async function killUnderLoad(
  fixture: Fixture,
  { groups }: Stage,
  shape: Shape & { cell: RunningCell },
): Promise<Killing> {
  const { cell, seed, seconds, rate } = shape;
  const load = startLoad(fixture, { groups, random: openRandom(seed), rate });
  await sleep(CALM_MS);
  const from = Date.now();
  await cell.database.kill();
  await sleep(seconds * 1000);
  const until = Date.now();
  await cell.database.start();
  await sleep(CALM_MS);
  const refused = fixture.refusedSince(from);
  await load.stop();
  const came = await untilAllCame(fixture, load.said, { withinMs: QUIET_WITHIN_MS });
  const quiet = await untilQuiet(fixture);
  const arrivals = arrivalsIn(fixture.simulator);
  const ofCell = (name: string, some: readonly Said[]) =>
    judge(
      some.filter((text) => text.cell === name),
      arrivals,
    );
  const during = load.said.filter(({ saidAt }) => saidAt >= from && saidAt < until);
  const named = <T>(read: (name: string) => T) =>
    Object.fromEntries(fixture.cells.map(({ name }) => [name, read(name)]));
  const of = named((name) => ofCell(name, load.said));
  const broken = Object.entries(of).flatMap(([name, { lost, doubled, strayed }]) =>
    lost + doubled + strayed > 0 ? [`of ${name}: ${lost} lost, ${doubled} doubled, ${strayed} strayed`] : [],
  );
  return {
    ...{ killed: cell.name, of },
    meanwhile: named((name) => ({
      ...ofCell(name, during),
      atOnce: during.filter((text) => text.cell === name && isWithin(text, until)).length,
      refused: refused[name] ?? 0,
    })),
    broken: [...broken, ...(came && quiet ? [] : ['it did not become quiet'])],
    noted: await moneyOf(fixture),
  };
}
const CALM_MS = 5_000;

function isWithin({ acceptedAt }: Said, until: number): boolean {
  return acceptedAt !== null && acceptedAt < until;
}

export async function untilQuiet({ cells, simulator }: Fixture): Promise<boolean> {
  const limit = Date.now() + QUIET_WITHIN_MS;
  while (Date.now() < limit) {
    const open = await Promise.all(cells.map(({ db }) => countOpen({ db })));
    if (open.every((count) => count === 0)) {
      await simulator.settled();
      return true;
    }
    await sleep(200);
  }
  return false;
}

/** What the databases should never show; on the second, what is of people is read over the links. */
async function moneyOf({ cells }: Fixture): Promise<string[]> {
  const found: string[] = [];
  for (const { name, db } of cells)
    found.push(...(await findUnkept({ db }, { isSplit: true })).map((line) => `on ${name}, ${line}`));
  const reserved = await rows<{ reserved: number }>(
    cells[0]?.db ?? fail(),
    'SELECT SUM(reserved) AS reserved FROM accounts HAVING SUM(reserved) <> 0',
  );
  return [...found, ...reserved.map((one) => `${one.reserved} pennies are reserved for nothing`)];
}

function fail(): never {
  throw new Error('there is no primary');
}
