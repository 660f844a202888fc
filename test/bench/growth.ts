import { keepingSettingRows } from '../../engine/platform/keeping-setting-rows.ts';
import { openRandom } from '../faults/random.ts';
import { manyEach } from './cases/pace.ts';
import { wholePathOf } from './cases/whole-path.ts';
import type { Measured } from './measure.ts';
import { waitsIn } from './town.ts';
import { NETWORK } from './usage.ts';

/** What a delivery takes: CPU in microseconds by process, commands of Redis, bytes on disk and between all processes and the carrier. */
export type Costs = {
  cpuUs: Record<Worker, number>;
  redisCommands: number;
  bytesOnDisk: number;
  bytesOnNetwork: number;
};
const workers = ['web', 'fanout', 'sender', 'mariadb', 'redis'] as const;
type Worker = (typeof workers)[number];

/** How busy a core may be, so that a busy minute finds room. */
const BUSY = 0.6;
/** Cores that one server of MySQL can use for this: all that it writes goes through one log. */
const MYSQL_CORES = 4;
/** How busy a number may be: twice as busy, and small groups wait long for large ones. See `waits`. */
const NUMBER_BUSY = 0.1;
const DAY_S = 86_400;
const MONTH_DAYS = 30;
/** The default of the setting of that name. */
const KEEP_DELIVERIES_DAYS = Number(keepingSettingRows.KEEP_DELIVERIES_DAYS.default);
/** Of one server of MySQL. */
const DISK_TB = 8;
/** Dollars, without a contract: of a cloud's cores and disks, of traffic that leaves it, and of a carrier's text and number. */
const PRICES = {
  ...{ coreHour: 0.045, gigabyteMonth: 0.1, gigabyteSent: 0.09 },
  ...{ numberMonth: 0.8, text: 0.0055, passedOn: 0.0045 },
};
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
  const network = (figures: typeof whole) => figures[NETWORK]?.median ?? 0;
  const of = (take: (worker: Worker) => number, redisCommands: number, bytesOnNetwork: number): Costs => ({
    ...{ redisCommands, bytesOnDisk, bytesOnNetwork },
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
    unlimited: of((worker) => cpu(reported, worker), commands(reported), network(reported)),
    paced: of(
      (worker) => cpu(paced, worker) + report(worker),
      commands(paced) + Math.max(0, commands(reported) - commands(whole)),
      network(paced) + Math.max(0, network(reported) - network(whole)),
    ),
  };
}

/** What a number of texts a second needs. A process of ours uses one core, and so does a Redis. */
export function needsOf({ cpuUs, redisCommands, bytesOnDisk, bytesOnNetwork }: Costs, rate: number) {
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
    gigabytesADay: (bytesOnDisk * rate * DAY_S) / 1e9,
    terabytesKept: (bytesOnDisk * rate * DAY_S * KEEP_DELIVERIES_DAYS) / 1e12,
    megabitsASecond: (bytesOnNetwork * rate * 8) / 1e6,
    cores,
    coreHoursAMillion: (cores / rate) * (1e6 / 3_600),
  };
}

/** How many texts a second one of each carries, from the one that is full first. */
export function fullAt({ cpuUs, bytesOnDisk }: Costs): { what: Worker | 'disk'; rate: number }[] {
  const rateOf = (worker: Worker) => (1e6 * BUSY * (worker === 'mariadb' ? MYSQL_CORES : 1)) / cpuUs[worker];
  const disk = (DISK_TB * 1e12) / (bytesOnDisk * DAY_S * KEEP_DELIVERIES_DAYS);
  const all = [...workers.map((what) => ({ what, rate: rateOf(what) })), { what: 'disk' as const, rate: disk }];
  return all.sort((one, other) => one.rate - other.rate);
}

/** Dollars for a million texts of one segment: what is rented, and what the carrier and the networks ask. */
export function moneyAMillion(costs: Costs) {
  const { coreHoursAMillion } = needsOf(costs, RATES[1]);
  const gigabytes = (bytes: number) => (bytes * 1e6) / 1e9;
  return {
    cores: coreHoursAMillion * PRICES.coreHour,
    disk: gigabytes(costs.bytesOnDisk) * (KEEP_DELIVERIES_DAYS / MONTH_DAYS) * PRICES.gigabyteMonth,
    network: gigabytes(costs.bytesOnNetwork) * PRICES.gigabyteSent,
    numbers: (1e6 / (NUMBER_BUSY * DAY_S * MONTH_DAYS)) * PRICES.numberMonth,
    carrier: 1e6 * PRICES.text,
    networks: 1e6 * PRICES.passedOn,
  };
}

/** Seconds to the last recipient by how busy the numbers are, from the model of the turns: 20 groups share each number. */
export function waitsByLoad(numbers = 1_000): { busy: number; waits: ReturnType<typeof waitsIn> }[] {
  return [0.05, 0.1, 0.2, 0.4, 0.6].map((busy) => ({
    busy,
    waits: waitsIn({ numbers, groupsANumber: 20, busy, seconds: 1_800, numberMs: 1_009 }, openRandom(1)),
  }));
}
