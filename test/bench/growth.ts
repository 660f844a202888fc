import { openRandom } from '../faults/random.ts';
import { manyEach } from './cases/pace.ts';
import { wholePathOf } from './cases/whole-path.ts';
import type { Measured } from './measure.ts';
import { waitsIn } from './town.ts';

/** What a delivery takes: CPU in microseconds by process, commands of Redis, bytes on disk. */
export type Costs = { cpuUs: Record<Worker, number>; redisCommands: number; bytesOnDisk: number };
const workers = ['web', 'fanout', 'sender', 'mariadb', 'redis'] as const;
type Worker = (typeof workers)[number];

/** How busy a core may be, so that a busy minute finds room. */
const BUSY = 0.6;
/** Cores that one server of MySQL can use for this: all that it writes goes through one log. */
const MYSQL_CORES = 4;
/** How busy a number may be: twice as busy, and small groups wait long for large ones. See `waits`. */
const NUMBER_BUSY = 0.1;
export const RATES = [1_000, 10_000, 100_000] as const;

/** The cases that `costsOf` needs. */
export const growthCases = ['whole-path', 'reported', 'paced', 'backlog'] as const;

/**
 * Of a delivery whose end the carrier reports: in a group of 100 without a limit, and where each of 1,000 numbers sends one text a
 * second, which costs most. Undefined where not all of it was measured.
 */
export function costsOf(results: readonly Measured[]): { unlimited: Costs; paced: Costs } | undefined {
  const figuresOf = (name: (typeof growthCases)[number], who?: string) =>
    results
      .find((one) => one.case === name)
      ?.contestants.find((one, at) => (who === undefined ? at === 0 : one.name === who))?.figures;
  const [whole, reported, paced] = [
    figuresOf('whole-path', wholePathOf(100)),
    figuresOf('reported', wholePathOf(100)),
    figuresOf('paced', manyEach(1_000)),
  ];
  const bytesOnDisk = figuresOf('backlog')?.['bytes on disk a delivery']?.median;
  if (whole === undefined || reported === undefined || paced === undefined || bytesOnDisk === undefined)
    return undefined;
  /** Of all processes of a type together. */
  const cpu = (figures: typeof whole, worker: Worker) =>
    Object.entries(figures).reduce(
      (sum, [name, { median }]) => (new RegExp(`^CPU µs, ${worker}(\\.\\d+)?$`).test(name) ? sum + median : sum),
      0,
    );
  const commands = (figures: typeof whole) => figures['Redis commands']?.median ?? 0;
  const of = (take: (worker: Worker) => number, redisCommands: number): Costs => ({
    ...{ redisCommands, bytesOnDisk },
    cpuUs: {
      web: take('web'),
      fanout: take('fanout'),
      sender: take('sender'),
      mariadb: take('mariadb'),
      redis: take('redis'),
    },
  });
  // The paced case has no reports: they cost what they cost without a limit.
  const report = (worker: Worker) => Math.max(0, cpu(reported, worker) - cpu(whole, worker));
  return {
    unlimited: of((worker) => cpu(reported, worker), commands(reported)),
    paced: of(
      (worker) => cpu(paced, worker) + report(worker),
      commands(paced) + Math.max(0, commands(reported) - commands(whole)),
    ),
  };
}

/** What a number of texts a second needs. A process of ours uses one core, and so does a Redis. */
export function needsOf({ cpuUs, redisCommands, bytesOnDisk }: Costs, rate: number) {
  const coresOf = (worker: Worker) => (cpuUs[worker] * rate) / 1e6 / BUSY;
  const processes = (worker: Worker) => Math.ceil(coresOf(worker));
  const cores = workers.reduce((sum, one) => sum + coresOf(one), 0);
  return {
    numbers: Math.ceil(rate / NUMBER_BUSY),
    web: processes('web'),
    fanout: processes('fanout'),
    sender: processes('sender'),
    redisNodes: processes('redis'),
    redisCommands: redisCommands * rate,
    mysqlCores: coresOf('mariadb'),
    mysqlPrimaries: Math.ceil(coresOf('mariadb') / MYSQL_CORES),
    gigabytesADay: (bytesOnDisk * rate * 86_400) / 1e9,
    cores,
    coreHoursAMillion: (cores / rate) * (1e6 / 3_600),
  };
}

/** Seconds to the last recipient by how busy the numbers are, from the model of the turns: 20 groups share each number. */
export function waitsByLoad(numbers = 1_000): { busy: number; waits: ReturnType<typeof waitsIn> }[] {
  return [0.05, 0.1, 0.2, 0.4, 0.6].map((busy) => ({
    busy,
    waits: waitsIn({ numbers, groupsANumber: 20, busy, seconds: 1_800, numberMs: 1_009 }, openRandom(1)),
  }));
}
