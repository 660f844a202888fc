import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOfAll, spentBetween } from '../bench/cpu.ts';
import { countAsked } from '../spider/probes.ts';
import type { RunningCell } from './cells.ts';
import type { Fixture } from './fixture.ts';
import { makeGroupsOn } from './groups.ts';
import { untilQuiet } from './rehearsal.ts';
import { arrivalsIn, judge, type Said, say, type TextedGroup, untilAllCame } from './texting.ts';

/** What a load took; of one recipient where nothing else is said. CPU in microseconds, by what used it. */
export type Measured = {
  recipients: number;
  aSecond: number;
  cpu: Record<string, number>;
  /** Asked of the databases, those that a link makes included. */
  statements: Record<string, number>;
  lost: number;
  doubled: number;
  /** CPU a second while nobody texts. */
  idle: number;
};

/**
 * Who has the groups of a load: the first alone, with nothing else running; the second alone, over its links, with settings of Spider;
 * or each a half, or as many as one had.
 */
export const ways = [
  'one primary',
  'the second alone, a connection each time',
  'the second alone',
  'the second alone, keys in batches',
  'two primaries',
  'two primaries, twice the load',
] as const;
export type Way = (typeof ways)[number];

const GROUPS = 8;
const MEMBERS = 20;
const TEXTS = 15;
/** What differs from the settings with which a primary with links is started. */
const USUAL =
  'GLOBAL spider_conn_recycle_mode = 1, GLOBAL join_cache_level = DEFAULT, GLOBAL optimizer_switch = DEFAULT';
const SETTINGS: Partial<Record<Way, string>> = {
  // As Spider comes: each transaction of ours logs in anew.
  'the second alone, a connection each time': 'GLOBAL spider_conn_recycle_mode = 0',
  // Joins ask a link for many keys at once.
  'the second alone, keys in batches':
    "GLOBAL join_cache_level = 8, GLOBAL optimizer_switch = 'mrr=on,mrr_cost_based=off,join_cache_incremental=on,join_cache_hashed=on,join_cache_bka=on'",
};
const QUIET_WITHIN_MS = 180_000;

/** The same load each way, once. */
export type Round = Record<Way, Measured>;

export type Crowds = { first: readonly TextedGroup[]; second: readonly TextedGroup[] };

export async function makeCrowds({ first, second }: Fixture): Promise<Crowds> {
  const size = { groups: GROUPS, members: MEMBERS };
  return {
    first: await makeGroupsOn(first, { ...size, name: 'Load A' }),
    second: await makeGroupsOn(second, { ...size, name: 'Load B' }),
  };
}

export async function measureAll(
  fixture: Fixture,
  { crowds, onProgress }: { crowds: Crowds; onProgress: (step: string) => void },
): Promise<Round> {
  const { first, second } = crowds;
  const half = GROUPS / 2;
  const of: Record<Way, readonly TextedGroup[]> = {
    'one primary': first,
    'the second alone, a connection each time': second,
    'the second alone': second,
    'the second alone, keys in batches': second,
    'two primaries': [...first.slice(0, half), ...second.slice(0, half)],
    'two primaries, twice the load': [...first, ...second],
  };
  const measured: Partial<Record<Way, Measured>> = {};
  for (const way of ways) {
    onProgress(way);
    for (const cell of fixture.cells) await cell.down();
    for (const some of [USUAL, SETTINGS[way] ?? USUAL]) await fixture.second.db.raw(`SET ${some}`);
    for (const cell of fixture.cells) if (cell === fixture.first || way !== 'one primary') await cell.up();
    await post(fixture, of[way], WARMING);
    measured[way] = await measure(fixture, of[way]);
  }
  await fixture.second.db.raw(`SET ${USUAL}`);
  return measured as Round;
}
/** Programs that have just started take longer for the first texts. */
const WARMING = 4;

async function measure(fixture: Fixture, groups: readonly TextedGroup[]): Promise<Measured> {
  const pids = pidsOf(fixture);
  const idle = await idleOf(pids);
  const [cpu, asked, begin] = [cpuOfAll(pids), await askedOf(fixture.cells), Date.now()];
  const said = await post(fixture, groups, TEXTS);
  const spent = spentBetween(cpu, cpuOfAll(pids));
  const after = await askedOf(fixture.cells);
  const arrivals = arrivalsIn(fixture.simulator);
  const { recipients, lost, doubled } = judge(said, arrivals);
  const ids = new Set(said.map(({ id }) => id));
  const last = Math.max(...[...arrivals].flatMap(([key, at]) => (ids.has(Number(key.split(' ')[0])) ? at : [])));
  return {
    ...{ recipients, lost, doubled, idle },
    aSecond: (recipients * 1000) / (last - begin),
    cpu: Object.fromEntries(spent.map(([name, us]) => [name, us / recipients])),
    statements: Object.fromEntries(
      Object.entries(after).map(([name, count]) => [name, (count - (asked[name] ?? 0)) / recipients]),
    ),
  };
}

/** Texts in all groups at once, each group one after the other, until all has come and is reported. */
async function post(fixture: Fixture, groups: readonly TextedGroup[], texts: number): Promise<Said[]> {
  const said: Said[] = [];
  await Promise.all(
    groups.map(async (group) => {
      for (let at = 0; at < texts; at++) {
        const door = at % 4 === 3 ? 'call' : 'text';
        await say(fixture, group, { from: group.phones[door === 'call' ? 0 : at % 3] ?? '', door }, said);
      }
    }),
  );
  await untilAllCame(fixture, said, { withinMs: QUIET_WITHIN_MS });
  await untilQuiet(fixture);
  return said;
}

/** Microseconds of all in a second in which nobody texts. */
async function idleOf(pids: Record<string, number>): Promise<number> {
  const before = cpuOfAll(pids);
  await sleep(IDLE_MS);
  return spentBetween(before, cpuOfAll(pids)).reduce((sum, [, us]) => sum + us, 0) / (IDLE_MS / 1000);
}
const IDLE_MS = 5_000;

/** Named by primary and process. */
function pidsOf({ cells, router }: Fixture): Record<string, number> {
  const ofCells = cells.flatMap(({ name, pids }) => {
    const { mariadb, redis, processes } = pids();
    return Object.entries({ ...mariadb, ...redis, ...processes }).map(
      ([what, pid]) => [`${what} ${name}`, pid] as const,
    );
  });
  return Object.fromEntries([...ofCells, ['router', router.pid ?? 0]]);
}

async function askedOf(cells: readonly RunningCell[]): Promise<Record<string, number>> {
  return Object.fromEntries(
    await Promise.all(cells.map(async ({ name, db }) => [name, await countAsked(db)] as const)),
  );
}
