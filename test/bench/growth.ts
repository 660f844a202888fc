import { wholePathOf } from './cases/whole-path.ts';
import type { Measured } from './measure.ts';

/** What a delivery takes: CPU in microseconds by process, commands of Redis, bytes on disk. */
export type Costs = { cpuUs: Record<Worker, number>; redisCommands: number; bytesOnDisk: number };
type Worker = 'web' | 'fanout' | 'sender' | 'mariadb' | 'redis';

/** How busy a core may be, so that a busy minute finds room. */
const BUSY = 0.6;
/** Cores that one server of MySQL can use for this: all that it writes goes through one log. */
const MYSQL_CORES = 4;
export const RATES = [1_000, 10_000, 100_000] as const;

/** Of a delivery in a group of 100 whose end the carrier reports; undefined where not all of it was measured. */
export function costsOf(results: readonly Measured[]): Costs | undefined {
  const figures = (name: string, who: string) =>
    results.find((one) => one.case === name)?.contestants.find((one) => one.name === who)?.figures;
  const reported = figures('reported', wholePathOf(100));
  const disk = results.find((one) => one.case === 'backlog')?.contestants[0]?.figures['bytes on disk a delivery'];
  const cpu = (process: string) => reported?.[`CPU µs, ${process}`]?.median;
  const [web, fanout, sender, mariadb, redis] = [
    cpu('web'),
    cpu('fanout'),
    cpu('sender'),
    cpu('mariadb'),
    cpu('redis'),
  ];
  const commands = reported?.['Redis commands']?.median;
  if (web === undefined || fanout === undefined || sender === undefined) return undefined;
  if (mariadb === undefined || redis === undefined || commands === undefined || disk === undefined) return undefined;
  return { cpuUs: { web, fanout, sender, mariadb, redis }, redisCommands: commands, bytesOnDisk: disk.median };
}

/** What a number of texts a second needs. A process of ours uses one core, and so does a Redis. */
export function needsOf({ cpuUs, redisCommands, bytesOnDisk }: Costs, rate: number) {
  const coresOf = (worker: Worker) => (cpuUs[worker] * rate) / 1e6 / BUSY;
  const processes = (worker: Worker) => Math.ceil(coresOf(worker));
  return {
    web: processes('web'),
    fanout: processes('fanout'),
    sender: processes('sender'),
    redisNodes: processes('redis'),
    redisCommands: redisCommands * rate,
    mysqlCores: coresOf('mariadb'),
    mysqlPrimaries: Math.ceil(coresOf('mariadb') / MYSQL_CORES),
    gigabytesADay: (bytesOnDisk * rate * 86_400) / 1e9,
    cores: (['web', 'fanout', 'sender', 'mariadb', 'redis'] as const).reduce((sum, one) => sum + coresOf(one), 0),
  };
}
