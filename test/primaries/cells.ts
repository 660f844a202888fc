import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Db, openDb } from '../../db/connect.ts';
import { mysqlUrl } from '../../dev/stack/database.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import type { Server } from '../../dev/stack/server.ts';
import type { Address } from '../../dev/stack/state.ts';
import type { Closers } from '../../dev/system/closers.ts';
import type { Env, Processes } from '../../dev/system/processes.ts';
import { untilAnswered } from '../../dev/system/ready.ts';
import { bareEnv, openSystem } from '../../dev/system/system.ts';
import { anAddress, countingFrom, startMariaDb, withSpider } from '../spider/servers.ts';
import type { Cell } from './choice.ts';
import { noteChanges, raiseRosters } from './raises.ts';
import { freeFromGroups, linkTables } from './tables.ts';

/** A primary with a Redis and one process of each type, which know of no other. Its ids and its numbers are its own. */
export type RunningCell = Cell & {
  name: string;
  database: Server;
  at: Address;
  db: Db;
  /** Where its `web` listens, behind the router. */
  port: number;
  /** Of its servers, and of its processes where they run. */
  pids(): { mariadb: Record<string, number>; redis: Record<string, number>; processes: Record<string, number> };
  up(): Promise<void>;
  down(): Promise<void>;
};

export type CellOptions = {
  /** Where the program is. */
  root: string;
  folder: string;
  guard: Guard;
  closers: Closers;
  /** Of Spider, for links. */
  plugins: string;
  /** Of the engine: the same for all, the carrier and PUBLIC_URL included. */
  env: Env;
  simulatorPort: number;
  say(name: string, line: string): void;
  onProgress(step: string): void;
};

const NUMBERS = 10;
/** A lock of the first that another waits for is given up as one of its own is; a primary that is gone is noticed as soon. */
const SETTINGS = ['--innodb-lock-wait-timeout=1', '--event-scheduler=ON'];
const LINK_SETTINGS = [
  ...['--loose-spider-connect-timeout=1', '--loose-spider-net-read-timeout=2', '--loose-spider-net-write-timeout=2'],
  // Else each transaction logs in anew.
  ...['--loose-spider-connect-retry-count=1', '--loose-spider-conn-recycle-mode=1'],
];

/** Starts its servers and makes its tables: links to `first` where that is given, else tables for all. No process runs yet. */
export async function openCell(
  { name, offset, offsets, first }: { name: string; offset: number; offsets: readonly number[]; first?: RunningCell },
  options: CellOptions,
): Promise<RunningCell> {
  const { root, folder, guard, closers, plugins, simulatorPort, say, onProgress } = options;
  const own = path.join(folder, name);
  mkdirSync(own);
  onProgress(`Starting primary ${name}`);
  const at = await anAddress();
  const links = first === undefined ? [] : [...withSpider(plugins), ...LINK_SETTINGS];
  const settings = [...countingFrom(offset), ...SETTINGS, ...links];
  const database = await startMariaDb('database', at, { folder: own, guard, settings });
  closers.add(() => database.kill());
  const numbers = Array.from({ length: NUMBERS }, (_, place) => `+1202555${offset}${String(100 + place)}`);
  const port = await freePort();
  const system = await openSystem({
    ...{ root, folder, closers, onProgress },
    say: (process, line) => say(`${name}-${process}`, line),
    servers: { folder: path.join(own, 'servers'), env: { MYSQL_URL: mysqlUrl(at), REDIS_URL: undefined } },
    prepare: async () => ({
      ports: { PORT: String(port), SIMULATOR_PORT: String(simulatorPort) },
      env: { ...bareEnv(), ...options.env, NUMBER_POOL: numbers.join(',') },
    }),
  });
  const db = openDb(mysqlUrl(at), { size: 3 });
  closers.add(() => db.destroy());
  if (first === undefined) {
    await freeFromGroups(db);
    await noteChanges(db, offsets);
  } else await linkTables(db, { first: first.at, database: 'texting' });
  await raiseRosters(db, { offset, isLinked: first !== undefined });

  let processes: Processes | undefined;
  async function up(): Promise<void> {
    processes = system.openProcesses();
    for (const type of system.types) processes.start(type);
    await Promise.race([processes.lost, untilAnswered(`http://127.0.0.1:${port}/readyz`)]);
    await processes.up();
    processes.keepRunning();
  }
  async function down(): Promise<void> {
    const running = processes;
    processes = undefined;
    await running?.stop();
  }
  closers.add(down);
  return {
    ...{ name, offset, numbers, database, at, db, port, up, down },
    pids: () => ({
      mariadb: { mariadb: database.pid ?? 0 },
      redis: { redis: system.stack.redis?.pid ?? 0 },
      processes: processes?.pids() ?? {},
    }),
  };
}
