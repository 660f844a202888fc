import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Db, openDb, row, transact } from '../../db/connect.ts';
import { type PushSimulator, startPushSimulator } from '../../dev/push-simulator/simulator.ts';
import { startSimulator } from '../../dev/simulator/simulator.ts';
import type { Simulator } from '../../dev/simulator/types.ts';
import { openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import type { Server } from '../../dev/stack/server.ts';
import { openStack } from '../../dev/stack/stack.ts';
import { runLine } from '../../dev/start/crew.ts';
import { type ProcessType, readProcfile } from '../../dev/start/procfile.ts';
import { composeEnv, keepSecrets } from '../../dev/start/settings.ts';
import { openSession } from '../../engine/people/sessions.ts';
import { type Group, makeGroups } from '../bench/crowd.ts';
import { openDatabase } from '../support/database.ts';
import { giveApps } from './apps.ts';
import { type Crew, type Ended, openCrew } from './crew.ts';
import { mountSmallDisk } from './small-disk.ts';

/** The whole system on servers of its own, with everything at hand that can be broken. */
export type Stage = {
  api: string;
  authToken: string;
  opsPassword: string;
  serviceNumber: string;
  pool: readonly string[];
  simulator: Simulator;
  pushes: PushSimulator;
  crew: Crew;
  database: Server;
  redis: Server;
  db: Db;
  /** As an operator has it: connects when it is used, and lives through restarts. */
  redisClient: Redis;
  groups: readonly (Group & { sid: string })[];
  folder: string;
  /** Migrates another database, as the release line of the Procfile does. */
  release(mysqlUrl: string): ChildProcess;
  mysqlUrl: string;
  ready(): Promise<void>;
  /** Ends everything; `keep` leaves the logs. Answers how the processes ended. */
  close(options?: { keep?: boolean }): Promise<Ended[]>;
};

export type StageOptions = {
  root: string;
  groups: number;
  /** Of the largest group; the smallest has a twentieth, at least 3. */
  members: number;
  seed: number;
  /** With sending limits, so that texts wait in line in Redis. */
  paced: boolean;
  /** The servers' data lie on a disk that can be filled. */
  smallDisk?: boolean;
  /** `mysql` in place of MariaDB, or the address of a server that runs already and that no fault can break. */
  database?: string;
  /** Settings of the engine beyond those of every stage. */
  settings?: Readonly<Record<string, string>>;
  onProgress: (step: string) => void;
};

/** A minute of the carrier lasts 3 s here, and what waits for it is as short. */
const TIME_SCALE = 0.05;
/** As a carrier needs it; so there is always something in mid-send. */
const CARRIER_MS = 100;
export const UNKNOWN_WAIT_SECONDS = 12;
const SETTINGS = {
  UNKNOWN_WAIT_SECONDS: String(UNKNOWN_WAIT_SECONDS),
  CARRIER_TIMEOUT_MS: '4000',
  INBOUND_PER_MINUTE: '100000',
  THROTTLE_PER_MINUTE: '1000000',
  NUMBER_MPS: '0',
  ACCOUNT_MPS: '0',
};
const PACES = { NUMBER_MPS: '10', ACCOUNT_MPS: '100' };
/** Two of each that may run more than once on one port: what one loses, the other must not do again. */
const COUNTS: Record<string, number> = { fanout: 2, sender: 2, clock: 2 };

/** A database server that runs already. */
const NOT_OURS: Server = {
  pid: undefined,
  start: async () => {},
  kill: async () => {
    throw new Error('this database server is not ours to break');
  },
};

export async function openStage(options: StageOptions): Promise<Stage> {
  const { root, onProgress } = options;
  const closers: (() => unknown)[] = [];
  let keep = false;
  let endings: Ended[] = [];
  async function close(how: { keep?: boolean } = {}): Promise<Ended[]> {
    keep = how.keep ?? false;
    for (const end of closers.splice(0).reverse()) await end();
    return endings;
  }
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-faults-'));
    closers.push(() => !keep && rmSync(folder, { recursive: true, force: true }));
    const guard = openGuard();
    closers.push(() => guard.dismiss());
    const home = copyProgram(root, path.join(folder, 'program'));
    const data = path.join(folder, 'servers');
    if (options.smallDisk) closers.push(mountSmallDisk(data));
    // A folder makes it durable: every commit reaches the disk.
    const isGiven = options.database?.includes('://') ?? false;
    const given = isGiven ? await openDatabase(options.database) : undefined;
    closers.push(() => given?.drop());
    const stack = await openStack({
      folder: data,
      env: { MYSQL_URL: given?.url },
      database: options.database === 'mysql' ? 'mysql' : 'mariadb',
      onProgress,
    });
    closers.push(() => stack.close());
    const { database = NOT_OURS, redis } = stack;
    if (redis === undefined) throw new Error('Redis is not ours to kill');

    onProgress('Starting the engine');
    const secrets = keepSecrets(folder);
    const port = String(await freePort());
    const api = `http://127.0.0.1:${port}`;
    const simulator = await startSimulator({
      authId: secrets.PLIVO_AUTH_ID,
      authToken: secrets.PLIVO_AUTH_TOKEN,
      webhookBase: api,
      keep: Number.POSITIVE_INFINITY,
      logFile: path.join(folder, 'carrier.log'),
      timeScale: TIME_SCALE,
      latencyMs: CARRIER_MS,
      reportDelayMs: CARRIER_MS,
      seed: options.seed,
    });
    closers.push(() => simulator.stop());
    const pushes = await startPushSimulator({ delayMs: CARRIER_MS });
    closers.push(() => pushes.stop());
    const { env } = composeEnv({
      env: { ...outside(), ...SETTINGS, ...pushes.settings, ...(options.paced ? PACES : {}), ...options.settings },
      secrets,
      ports: { PORT: port, SIMULATOR_PORT: String(simulator.port) },
      servers: stack,
      folder,
    });
    const { release, processes } = readProcfile(path.join(home, 'Procfile'));
    const said: string[] = [];
    const released = await runLine(
      { name: 'release', command: release ?? 'false' },
      { root: home, env, guard, say: (_, line) => said.push(line) },
    );
    if (released !== 0) throw new Error(`the release line of the Procfile failed:\n${said.slice(-10).join('\n')}`);
    const logs = path.join(folder, 'logs');
    mkdirSync(logs);
    const crew = openCrew({ root: home, env, guard, logs });
    for (const type of processes) crew.start(type satisfies ProcessType, COUNTS[type.name] ?? 1);
    closers.push(async () => {
      endings = await crew.stop();
    });

    const db = openDb(stack.mysqlUrl, { size: 3 });
    closers.push(() => db.destroy());
    const redisClient = new Redis(stack.redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
    redisClient.on('error', () => {});
    closers.push(() => redisClient.disconnect());
    const ready = () => untilReady(api);
    await ready();
    onProgress('Making the groups');
    const groups = await makeCrowd(db, options);
    await giveApps(db, groups);
    return {
      ...{
        api,
        authToken: secrets.PLIVO_AUTH_TOKEN,
        opsPassword: secrets.OPS_PASSWORD,
        simulator,
        pushes,
        crew,
        database,
        redis,
      },
      serviceNumber: env.SERVICE_NUMBER ?? '',
      pool: (env.NUMBER_POOL ?? '').split(','),
      ...{ db, redisClient, groups, folder, ready, close, mysqlUrl: stack.mysqlUrl },
      release: (mysqlUrl) =>
        spawn('/bin/sh', ['-c', `exec ${release}`], {
          cwd: home,
          env: { ...env, MYSQL_URL: mysqlUrl },
          stdio: 'ignore',
        }),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A copy, so that a build meanwhile does not change what comes back after a kill. */
function copyProgram(root: string, home: string): string {
  mkdirSync(home, { recursive: true });
  for (const part of ['dist', 'Procfile', 'package.json'])
    cpSync(path.join(root, part), path.join(home, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(home, 'node_modules'));
  return home;
}

function outside(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name] as string]] : [])));
}

async function untilReady(api: string): Promise<void> {
  const limit = Date.now() + 60_000;
  while (Date.now() < limit) {
    const answer = await fetch(`${api}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(50);
  }
  throw new Error('the API is not ready after a minute');
}

/** Each owner has a session. */
async function makeCrowd(db: Db, { groups, members }: StageOptions): Promise<Stage['groups']> {
  const step = groups === 1 ? 0 : (members - Math.max(3, Math.ceil(members / 20))) / (groups - 1);
  const size = { groups, members: (at: number) => Math.max(3, Math.round(members - at * step)) };
  const made: (Group & { sid: string })[] = [];
  for (const group of await makeGroups(db, size)) {
    const owner = await row<{ id: number }>(db, 'SELECT id FROM people WHERE phone = ?', [group.phones[0] ?? '']);
    const personId = owner?.id ?? 0;
    const sid = await transact(db, (tx) => openSession(tx, { personId, source: null, now: new Date() }));
    made.push({ ...group, sid });
  }
  return made;
}
