import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Db, openDb } from '../../db/connect.ts';
import type { Reporting } from '../../dev/simulator/reports.ts';
import { openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { openScreen } from '../../dev/start/screen.ts';
import { openClosers } from '../../dev/system/closers.ts';
import { untilAnswered } from '../../dev/system/ready.ts';
import { bareEnv, openSystem } from '../../dev/system/system.ts';
import { connectRedis, type RedisClient } from '../../engine/platform/redis.ts';
import { openRedisCluster } from '../support/redis-cluster.ts';
import { type Outcomes, openOutcomes } from './outcomes.ts';
import { type Poster, startPoster } from './poster.ts';
import { runVariants, type Variant } from './processes.ts';
import { type Meter, openMeter, openWatch } from './usage.ts';

/** The whole system as `npm start` runs it, with servers, data and ports of its own, and what watches it. */
export type Fixture = {
  api: string;
  simulator: string;
  mysqlUrl: string;
  redisUrl: string;
  auth: { authId: string; authToken: string };
  db: Db;
  redis: RedisClient;
  poster: Poster;
  meter: Meter;
  outcomes: Outcomes;
  pids(): Record<string, number>;
  /** The folder of the servers' data. */
  folder: string;
  /** Plays on with other settings, or other numbers of the process types. */
  change(variant: Variant): Promise<void>;
  /** A process that a case runs beside the system: its CPU is accounted for as a guest's. */
  also(name: string, pid: () => number): void;
  /** Runs before the fixture's own end, the last one first. */
  onClose(end: () => Promise<unknown> | unknown): void;
  /** Ends everything and removes the data. */
  close(): Promise<void>;
};

export type FixtureOptions = {
  root: string;
  /** Over those of `npm start`. */
  settings: Record<string, string>;
  copies?: Record<string, number>;
  redisNodes?: number;
  reporting: Reporting;
  /** A folder for CPU profiles of every Node process, written as the fixture closes. */
  profile?: string;
  onProgress: (step: string) => void;
};

export async function openFixture(options: FixtureOptions): Promise<Fixture> {
  const { root, settings, copies = {}, redisNodes, reporting, profile, onProgress } = options;
  const closers = openClosers();
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-bench-'));
    const guard = openGuard(folder);
    closers.add(
      () => guard.dismiss(),
      () => rmSync(folder, { recursive: true, force: true }),
    );
    const cluster = redisNodes === undefined ? undefined : await openRedisCluster(redisNodes);
    closers.add(() => cluster?.close());
    const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profile)}`];
    // Kannel breaks a longer login into two lines.
    const authToken = randomBytes(16).toString('hex');
    const system = await openSystem({
      ...{ root, folder, closers, onProgress },
      say: openScreen({ verbose: false, write: (text) => process.stderr.write(text) }),
      // A folder makes it durable: every commit reaches the disk, as in `npm start`.
      servers: { folder, env: cluster === undefined ? {} : { REDIS_URL: cluster.url } },
      prepare: async () => ({
        ports: { PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()) },
        env: { ...bareEnv(), ...NO_THROTTLES, SIMULATOR_REPORTING: reporting, PLIVO_AUTH_TOKEN: authToken },
      }),
    });
    const { stack, ports } = system;
    const auth = { authId: system.secrets.PLIVO_AUTH_ID, authToken };
    onProgress('Starting the engine');
    const processes = await runVariants(system, { flags, first: { settings, copies } });
    closers.add(() => processes.stop());
    const api = `http://127.0.0.1:${ports.PORT}`;
    const simulator = `http://127.0.0.1:${ports.SIMULATOR_PORT}`;
    await untilAnswered(`${simulator}/stats`);

    const db = openDb(stack.mysqlUrl, { size: 1 });
    closers.add(() => db.destroy());
    const redis = connectRedis(stack.redisUrl, 'work');
    closers.add(() => redis.disconnect());
    const poster = await startPoster({ api, carrier: simulator, ...auth }, { env: bareEnv(), flags });
    closers.add(() => poster.stop());
    const guests = new Map<string, () => number>();
    const pids = () => ({
      ...processes.pids(),
      ...Object.fromEntries((cluster?.pids() ?? [stack.redis?.pid ?? 0]).map((pid, at) => [redisName(at), pid])),
      mariadb: stack.database?.pid ?? 0,
      poster: poster.pid,
    });
    const guestPids = () => Object.fromEntries([...guests].map(([name, pid]) => [name, pid()]));
    const watch = openWatch(db);
    return {
      ...{ api, simulator, mysqlUrl: stack.mysqlUrl, redisUrl: stack.redisUrl, auth, db, redis, poster, folder },
      meter: openMeter({ db, redis, watch, pids, guests: guestPids }),
      outcomes: openOutcomes({ watch, simulator }),
      pids,
      change: processes.change,
      also: (name, pid) => guests.set(name, pid),
      onClose: closers.add,
      close: closers.close,
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** Crowds of phones that never texted us come into being at once. */
const NO_BUDGETS = {
  FIRST_TEXTS_PER_PHONE: '0',
  FIRST_TEXTS_PER_ADDRESS: '0',
  FIRST_TEXTS_PER_MEMBER: '0',
  FIRST_TEXTS_PER_PREFIX: '0',
  FIRST_TEXTS_PER_HOUR: '0',
  CARD_TRIES_PER_ACCOUNT: '0',
  CARD_TRIES_PER_ADDRESS: '0',
  CARD_TRIES_PER_HOUR: '0',
};
/** A bench texts faster than people, from one address, and in larger groups. */
const NO_THROTTLES = {
  INBOUND_PER_MINUTE: '100000',
  LOOP_ANSWERS: '0',
  THROTTLE_PER_MINUTE: '1000000',
  ...NO_BUDGETS,
  MAX_MEMBERS: '20000',
};

const redisName = (at: number) => (at === 0 ? 'redis' : `redis.${at + 1}`);
