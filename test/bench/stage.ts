import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Db, openDb } from '../../db/connect.ts';
import type { Reporting } from '../../dev/simulator/reports.ts';
import { openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { openStack } from '../../dev/stack/stack.ts';
import { gatherCrew, runLine } from '../../dev/start/crew.ts';
import { readProcfile } from '../../dev/start/procfile.ts';
import { openScreen } from '../../dev/start/screen.ts';
import { composeEnv, keepSecrets } from '../../dev/start/settings.ts';
import { type Outcomes, openOutcomes } from './outcomes.ts';
import { type Poster, startPoster } from './poster.ts';
import { type Meter, openMeter, openWatch } from './usage.ts';

/** The whole system as `npm start` runs it, with servers, data and ports of its own, and what watches it. */
export type Stage = {
  api: string;
  simulator: string;
  db: Db;
  poster: Poster;
  meter: Meter;
  outcomes: Outcomes;
  pids(): Record<string, number>;
  /** Ends everything and removes the data. */
  close(): Promise<void>;
};

export type StageOptions = {
  root: string;
  /** Over those of `npm start`. */
  settings: Record<string, string>;
  reporting: Reporting;
  /** A folder for CPU profiles of every Node process, written as the stage closes. */
  profile?: string;
  onProgress: (step: string) => void;
};

export async function openStage({ root, settings, reporting, profile, onProgress }: StageOptions): Promise<Stage> {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  async function close(): Promise<void> {
    for (const end of closers.splice(0).reverse()) await end();
  }
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-bench-'));
    const guard = openGuard(folder);
    closers.push(
      () => guard.dismiss(),
      () => rmSync(folder, { recursive: true, force: true }),
    );
    // A folder makes it durable: every commit reaches the disk, as in `npm start`.
    const stack = await openStack({ folder, env: {}, onProgress });
    closers.push(() => stack.close());

    const secrets = keepSecrets(folder);
    const ports = { PORT: String(await freePort()), SIMULATOR_PORT: String(await freePort()) };
    const outside = pick(process.env, ['PATH', 'HOME', 'TMPDIR', 'LANG']);
    const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${path.resolve(profile)}`];
    const mine = { ...outside, ...NO_THROTTLES, SIMULATOR_REPORTING: reporting, ...settings };
    const { env } = composeEnv({ env: mine, secrets, ports, servers: stack, folder });
    const say = openScreen({ verbose: false, write: (text) => process.stderr.write(text) });
    const { release, processes } = readProcfile(path.join(root, 'Procfile'));
    onProgress('Starting the engine');
    const released = await runLine({ name: 'release', command: release ?? 'false' }, { root, env, guard, say });
    if (released !== 0) throw new Error('the release line of the Procfile failed');
    const crew = gatherCrew({ root, env, guard, say });
    closers.push(() => crew.stop());
    const carrier = { name: 'carrier', command: 'node --enable-source-maps dist/dev/simulator/main.js' };
    for (const { name, command } of [carrier, ...processes]) {
      crew.start({ name, command: command.replace(/^node /, `${['node', ...flags].join(' ')} `) });
    }
    const api = `http://127.0.0.1:${ports.PORT}`;
    const simulator = `http://127.0.0.1:${ports.SIMULATOR_PORT}`;
    await Promise.race([crew.lost, Promise.all([untilAnswered(`${api}/readyz`), untilAnswered(`${simulator}/stats`)])]);

    const db = openDb(stack.mysqlUrl, { size: 1 });
    closers.push(() => db.destroy());
    const redis = new Redis(stack.redisUrl);
    closers.push(() => redis.disconnect());
    const auth = { authId: secrets.PLIVO_AUTH_ID, authToken: secrets.PLIVO_AUTH_TOKEN };
    const poster = await startPoster({ api, carrier: simulator, ...auth }, { env: outside, flags });
    closers.push(() => poster.stop());
    const pids = () => ({
      ...crew.pids(),
      redis: stack.redis?.pid ?? 0,
      mariadb: stack.mariadb?.pid ?? 0,
      poster: poster.pid,
    });
    const watch = openWatch(db);
    const meter = openMeter({ db, redis, watch, pids });
    return { api, simulator, db, poster, meter, outcomes: openOutcomes({ watch, simulator }), pids, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A bench texts faster than people, from one address, and in larger groups. */
const NO_THROTTLES = { INBOUND_PER_MINUTE: '100000', THROTTLE_PER_MINUTE: '1000000', MAX_MEMBERS: '20000' };

async function untilAnswered(url: string): Promise<void> {
  const limit = Date.now() + 30_000;
  while (Date.now() < limit) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(50);
  }
  throw new Error(`${url} is not ready after half a minute`);
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
