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
};

/** Who has the groups of a load: the first alone, with nothing else running; the second alone, over its links; or each a half. */
export const ways = ['one primary', 'the second alone', 'two primaries', 'two primaries, keys in batches'] as const;
export type Way = (typeof ways)[number];

const GROUPS = 8;
const MEMBERS = 20;
const TEXTS = 10;
/** Joins ask a link for many keys at once. */
const BATCHED =
  "GLOBAL join_cache_level = 8, GLOBAL optimizer_switch = 'mrr=on,mrr_cost_based=off,join_cache_incremental=on,join_cache_hashed=on,join_cache_bka=on'";
const PLAIN = 'GLOBAL join_cache_level = DEFAULT, GLOBAL optimizer_switch = DEFAULT';
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
  const both = [...first.slice(0, half), ...second.slice(0, half)];
  const of: Record<Way, readonly TextedGroup[]> = {
    'one primary': first,
    'the second alone': second,
    'two primaries': both,
    'two primaries, keys in batches': both,
  };
  const measured: Partial<Record<Way, Measured>> = {};
  for (const way of ways) {
    onProgress(way);
    await fixture.second.down();
    await fixture.second.db.raw(`SET ${way.includes('batches') ? BATCHED : PLAIN}`);
    if (way !== 'one primary') await fixture.second.up();
    await untilQuiet(fixture);
    await sleep(SETTLED_MS);
    measured[way] = await measure(fixture, of[way]);
  }
  await fixture.second.db.raw(`SET ${PLAIN}`);
  return measured as Round;
}
/** Connections of before are closed by then. */
const SETTLED_MS = 3_000;

/** Texts in all groups at once, each group one after the other. */
async function measure(fixture: Fixture, groups: readonly TextedGroup[]): Promise<Measured> {
  const pids = pidsOf(fixture);
  const [cpu, asked, begin] = [cpuOfAll(pids), await askedOf(fixture.cells), Date.now()];
  const said: Said[] = [];
  await Promise.all(
    groups.map(async (group) => {
      for (let at = 0; at < TEXTS; at++)
        await say(fixture, group, { from: group.phones[at % 3] ?? '', door: at % 4 === 3 ? 'call' : 'text' }, said);
    }),
  );
  await untilAllCame(fixture, said, { withinMs: QUIET_WITHIN_MS });
  await untilQuiet(fixture);
  const spent = spentBetween(cpu, cpuOfAll(pids));
  const after = await askedOf(fixture.cells);
  const arrivals = arrivalsIn(fixture.simulator);
  const { recipients, lost, doubled } = judge(said, arrivals);
  const ids = new Set(said.map(({ id }) => id));
  const last = Math.max(...[...arrivals].flatMap(([key, at]) => (ids.has(Number(key.split(' ')[0])) ? at : [])));
  return {
    ...{ recipients, lost, doubled },
    aSecond: (recipients * 1000) / (last - begin),
    cpu: Object.fromEntries(spent.map(([name, us]) => [name, us / recipients])),
    statements: Object.fromEntries(
      Object.entries(after).map(([name, count]) => [name, (count - (asked[name] ?? 0)) / recipients]),
    ),
  };
}

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
