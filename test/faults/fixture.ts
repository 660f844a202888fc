import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { type Db, openDb } from '../../db/connect.ts';
import type { PushSimulator } from '../../dev/push-simulator/simulator.ts';
import type { Simulator } from '../../dev/simulator/types.ts';
import { freePort } from '../../dev/stack/port.ts';
import type { Server } from '../../dev/stack/server.ts';
import { openClosers } from '../../dev/system/closers.ts';
import type { Ended, Env, Processes } from '../../dev/system/processes.ts';
import { untilAnswered } from '../../dev/system/ready.ts';
import { keepSecrets } from '../../dev/system/settings.ts';
import { bareEnv, copiesOf, openSystem } from '../../dev/system/system.ts';
import type { Group } from '../bench/crowd.ts';
import { openDatabase } from '../support/database.ts';
import { giveApps } from './apps.ts';
import { openCarrier } from './carrier.ts';
import { makeCrowd } from './crowd.ts';
import { type Features, openFeatures } from './features/features.ts';
import { makeFeatureGroups } from './features/group.ts';
import { type Front, openFront } from './front.ts';
import { type Guests, openGuests } from './guests.ts';
import { countOf, type Hosts, lead, NOT_OURS } from './place.ts';
import { buildPrevious, type Previous } from './previous.ts';
import { copyProgram, openLogs } from './program.ts';
import { openRedisClock, type RedisClock } from './redis-clock.ts';
import { firstFeatureNumber, settingsFor } from './settings.ts';
import { mountSmallDisk } from './small-disk.ts';
import { openWays, type Ways } from './ways.ts';

/** The whole system on servers of its own, with everything at hand that can be broken. */
export type Fixture = {
  api: string;
  /** What the carrier signs its calls for. */
  publicUrl: string;
  authToken: string;
  opsPassword: string;
  serviceNumber: string;
  pool: readonly string[];
  simulator: Simulator;
  pushes: PushSimulator;
  processes: Processes;
  database: Server;
  redis: Server;
  db: Db;
  /** As an operator has it: connects when it is used, and lives through restarts. */
  redisClient: Redis;
  /** Without their guests. */
  groups: readonly (Group & { sid: string })[];
  guests: Guests;
  features: Features;
  /** Times that MySQL knows nothing of any more. */
  forgotten: Forgotten[];
  /** The ways of each process to the servers, where they can be broken. */
  ways: ReadonlyMap<string, Ways>;
  redisClock: RedisClock | undefined;
  /** Before two `web` processes, where the fixture was opened with them. */
  front: Front | undefined;
  /** With sending limits. */
  paced: boolean;
  /** Each process and server has a host of its own. */
  onHosts: boolean;
  /** How long a fault goes on that has no length of its own. */
  seconds: number;
  folder: string;
  /** Of every process. */
  env: Env;
  /** Builds the release before this one, once. */
  previous(): Promise<Previous>;
  /** Migrates another database, as the release line of the Procfile does. */
  release(mysqlUrl: string): ChildProcess;
  mysqlUrl: string;
  ready(): Promise<void>;
  /** Ends everything; `keep` leaves the logs. Returns how the processes ended. */
  close(options?: { keep?: boolean }): Promise<Ended[]>;
};

/** `settled`: what was under way at its beginning is lost too, and nothing of that time may come again. */
export type Forgotten = { from: number; until: number; settled?: true };

export type FixtureOptions = {
  root: string;
  groups: number;
  /** Of the largest group; the smallest has a twentieth, at least 3. */
  members: number;
  seed: number;
  /** With sending limits, so that texts wait in line in Redis. */
  paced: boolean;
  /** The servers' data lie on a disk that can be filled. */
  smallDisk?: boolean;
  /** Each process has ways of its own to the servers, that can be broken. */
  gates?: boolean;
  /** Two `web` processes behind one address. */
  twoWebs?: boolean;
  /** The clock of Redis can be set. */
  redisClock?: boolean;
  seconds?: number;
  /** `mysql` in place of MariaDB, or the address of a server that runs already and that no fault can break. */
  database?: string;
  /** Settings of the engine beyond those of every fixture. */
  settings?: Readonly<Record<string, string>>;
  /** Processes and servers run there, and the fixture starts no server. */
  hosts?: Hosts;
  /** The release that `upgrade` goes back to: a tag, a commit, or what `lastRelease` finds. */
  previous?: string | undefined;
  onProgress: (step: string) => void;
};

export async function openFixture(options: FixtureOptions): Promise<Fixture> {
  const { root, onProgress } = options;
  const closers = openClosers();
  let keep = false;
  let endings: Ended[] = [];
  async function close(how: { keep?: boolean } = {}): Promise<Ended[]> {
    keep = how.keep ?? false;
    await closers.close();
    return endings;
  }
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-faults-'));
    closers.add(() => !keep && rmSync(folder, { recursive: true, force: true }));
    const home = copyProgram(root, path.join(folder, 'program'));
    const data = path.join(folder, 'servers');
    if (options.smallDisk) closers.add(mountSmallDisk(data));
    const redisClock = options.redisClock ? openRedisClock(folder) : undefined;
    const logs = openLogs(path.join(folder, 'logs'));
    closers.add(() => logs.close());
    // A folder makes it durable: every commit reaches the disk.
    const isGiven = options.database?.includes('://') ?? false;
    const given = isGiven ? await openDatabase(options.database) : undefined;
    closers.add(() => given?.drop());
    const { hosts } = options;
    const port = String(hosts?.webPort ?? (await freePort()));
    const api = hosts?.api ?? `http://127.0.0.1:${port}`;
    const publicUrl = hosts?.publicUrl ?? api;
    const secrets = keepSecrets(folder);
    const host = hosts?.carrierAddress;
    const { simulator, pushes } = await openCarrier({ secrets, host, publicUrl, folder, seed: options.seed, closers });
    const system = await openSystem({
      ...{ root: home, folder, closers, say: logs.say, onProgress },
      servers: {
        folder: data,
        env: { MYSQL_URL: given?.url ?? hosts?.mysqlUrl, REDIS_URL: hosts?.redisUrl },
        database: options.database === 'mysql' ? 'mysql' : 'mariadb',
        ...(redisClock === undefined ? {} : { find: redisClock.find }),
      },
      prepare: async () => ({
        ports: { PORT: port, SIMULATOR_PORT: String(simulator.port), ...(host && { SIMULATOR_HOST: host }) },
        env: {
          ...{ ...bareEnv(), ...settingsFor(options), ...pushes.settings, ...options.settings },
          ...(hosts && { HOST: '0.0.0.0', PUBLIC_URL: publicUrl }),
        },
      }),
    });
    const { stack, env, release } = system;
    const { database = NOT_OURS, redis = hosts && NOT_OURS } = stack;
    if (redis === undefined) throw new Error('Redis is not ours to kill');
    onProgress('Starting the engine');
    const processes = system.openProcesses();
    const ways = openWays(stack);
    closers.add(() => ways.close());
    const front = options.twoWebs ? await openFront(Number(port)) : undefined;
    closers.add(() => front?.close());
    for (const type of system.types)
      for (const copy of copiesOf(type, countOf(type.name, { front, hosts })))
        processes.start(await lead(copy, { ways: options.gates ? ways : undefined, front, hosts }));
    closers.add(async () => {
      await processes.up();
      endings = await processes.stop();
    });
    await Promise.race([processes.lost, untilAnswered(`${api}/readyz`)]);
    for (const name of front ? processes.names('web') : []) await front?.join(name);
    processes.keepRunning();

    const db = openDb(stack.mysqlUrl, { size: 3 });
    closers.add(() => db.destroy());
    const redisClient = new Redis(stack.redisUrl.split(',')[0] ?? '', {
      lazyConnect: true,
      maxRetriesPerRequest: null,
      retryStrategy: () => 100,
    });
    redisClient.on('error', () => {});
    closers.add(() => redisClient.disconnect());
    const ready = () => untilAnswered(`${api}/readyz`);
    let previous: Promise<Previous> | undefined;
    onProgress('Making the groups');
    const { groups, guests } = await makeCrowd(db, options);
    await giveApps(db, groups);
    const features = openFeatures(await makeFeatureGroups(db, firstFeatureNumber(options)));
    return {
      ...{
        api,
        publicUrl,
        authToken: secrets.PLIVO_AUTH_TOKEN,
        opsPassword: secrets.OPS_PASSWORD,
        simulator,
        pushes,
        processes,
        database,
        redis,
      },
      serviceNumber: env.SERVICE_NUMBER ?? '',
      pool: (env.NUMBER_POOL ?? '').split(','),
      ...{
        db,
        redisClient,
        groups,
        guests: openGuests(guests),
        features,
        folder,
        ready,
        close,
        mysqlUrl: stack.mysqlUrl,
      },
      ...{
        forgotten: [],
        ways: ways.of,
        redisClock,
        front,
        paced: options.paced,
        onHosts: hosts !== undefined,
        seconds: options.seconds ?? 30,
      },
      env,
      previous: () => {
        previous ??= buildPrevious(root, { ref: options.previous, folder: path.join(folder, 'previous') });
        return previous;
      },
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
