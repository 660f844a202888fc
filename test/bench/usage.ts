import { type Db, rows } from '../../db/connect.ts';
import { mastersOf, type RedisClient } from '../../engine/platform/redis.ts';
import { type Cpu, cpuOfAll, namedCpu, spentBetween } from './cpu.ts';
import type { Figures } from './figures.ts';
import { bytesOnLoopback } from './network.ts';

/** What everything has used since it started. */
export type Usage = { cpuUs: Cpu; guestsUs: Cpu; redis: Counts; sql: Counts; network: number | null };
type Counts = Record<string, number>;
export type Meter = { read(): Promise<Usage> };

/** Statements of the bench itself: they are taken off what the server counts. */
export type Watch = { ask(sql: string): Promise<number>; asked(): number };

export function openWatch(db: Db): Watch {
  let asked = 0;
  return {
    async ask(sql) {
      asked++;
      const [found] = await rows<{ value: number }>(db, sql);
      return Number(found?.value ?? 0);
    },
    asked: () => asked,
  };
}

/** Reads the system's own accounting of these processes, and the servers' own counters. */
export function openMeter({
  db,
  redis,
  watch,
  pids,
  guests,
}: {
  db: Db;
  redis: RedisClient;
  watch: Watch;
  pids: () => Counts;
  /** Processes that are no part of the system. */
  guests: () => Counts;
}): Meter {
  let looks = 0;
  return {
    async read() {
      const status = await rows<{ Variable_name: string; Value: string }>(db, STATUS);
      const sql = Object.fromEntries(status.map((line) => [line.Variable_name, Number(line.Value)]));
      looks++;
      sql.Questions = (sql.Questions ?? 0) - watch.asked() - looks;
      sql.Com_select = (sql.Com_select ?? 0) - watch.asked();
      const said = await Promise.all(mastersOf(redis).map((node) => node.info('commandstats')));
      const counts = said.map(commandsIn).reduce(sums);
      const network = bytesOnLoopback();
      return { cpuUs: cpuOfAll(pids()), guestsUs: cpuOfAll(guests()), redis: counts, sql, network };
    },
  };
}

/** The kinds that make up the bulk; `Questions` counts every statement that a client sent. */
const STATUS = `SHOW GLOBAL STATUS WHERE Variable_name IN
  ('Questions', 'Com_select', 'Com_insert', 'Com_update', 'Com_update_multi', 'Com_begin', 'Com_commit', 'Com_rollback')`;

/**
 * Between two looks, an item: CPU of each process and of all, Redis commands (those inside scripts as well); SQL per 100; bytes that all
 * processes, servers and the carrier among them, sent each other.
 */
export function perItem(before: Usage, after: Usage, items: number): Figures {
  const cpu = spentBetween(before.cpuUs, after.cpuUs);
  const commands = differences(before.redis, after.redis);
  const { Questions: statements = 0, ...kinds } = differences(before.sql, after.sql);
  return {
    ...namedCpu(cpu, items),
    ...(cpu.length > 0 ? { 'CPU µs, all': cpu.reduce((sum, [, us]) => sum + us, 0) / items } : {}),
    ...(before.network !== null && after.network !== null && { [NETWORK]: (after.network - before.network) / items }),
    'Redis commands': Object.values(commands).reduce((sum, count) => sum + count, 0) / items,
    ...Object.fromEntries(Object.entries(commands).map(([name, count]) => [`Redis ${name}`, count / items])),
    'SQL statements per 100': (statements * 100) / items,
    ...Object.fromEntries(Object.entries(kinds).map(([name, count]) => [`SQL ${name} per 100`, (count * 100) / items])),
  };
}

export const NETWORK = 'bytes on the network';

/** Between two looks, an item: CPU of these processes alone, guests among them. */
export function cpuPerItem(before: Usage, after: Usage, items: number, names: readonly string[]): Figures {
  const all = spentBetween({ ...before.cpuUs, ...before.guestsUs }, { ...after.cpuUs, ...after.guestsUs });
  return namedCpu(
    all.filter(([name]) => names.includes(name)),
    items,
  );
}

function sums(one: Counts, other: Counts): Counts {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

function differences(before: Counts, after: Counts): Counts {
  const changed = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(changed.filter(([name, count]) => count > 0 || name === 'Questions'));
}

/** `cmdstat_evalsha:calls=12,usec=…`; the bench's own question is left out. */
function commandsIn(info: string): Counts {
  const found = [...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)];
  return Object.fromEntries(
    found.filter(([, name]) => name !== 'info').map(([, name, calls]) => [name, Number(calls)]),
  );
}
