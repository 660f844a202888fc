import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { takeLock } from '../lock.mjs';
import { type Find, findProgram } from './find.ts';
import { openGuard } from './guard.ts';
import { openOwn } from './own.ts';
import { pingMysql, pingRedis } from './ping.ts';
import { provideServers } from './provide.ts';
import { type Server, stopServer } from './server.ts';
import { type DatabaseName, openState, type ServerName } from './state.ts';

export type StackOptions = {
  /** Where the data is kept. Without it: a throw-away folder, removed by `close`, and commits that skip the disk. */
  folder?: string;
  /** Hears of each step as it begins. */
  onProgress?: (step: string) => void;
  /** `MYSQL_URL` and `REDIS_URL`, each by itself, name servers that run already. Default `process.env`. */
  env?: { [name: string]: string | undefined };
  /** Default MariaDB. */
  database?: DatabaseName;
  find?: Find;
};

export type Stack = {
  /** An account that may do everything, and a database `texting`. */
  mysqlUrl: string;
  redisUrl: string;
  /** Undefined where the address was given: then the server is not ours to stop. */
  database: Server | undefined;
  redis: Server | undefined;
  /** Stops what we started. The data stays, unless it is throw-away. */
  close(): Promise<void>;
};

/** Another process has the servers of this folder open. */
export class FolderInUse extends Error {
  readonly holder: number;

  constructor(folder: string, holder: number) {
    super(`The servers in ${folder} belong to process ${holder}, which still runs.`);
    this.holder = holder;
  }
}

/**
 * Opens a database server and Redis for one machine, and promises that what it started ends with this process.
 * Throws `FolderInUse`, or an error that says what to do.
 */
export async function openStack(options: StackOptions = {}): Promise<Stack> {
  const { onProgress = () => {}, env = process.env, database: kind = 'mariadb', find = findProgram } = options;
  const durable = options.folder !== undefined;
  const folder = makeFolder(options.folder);
  const lock = takeLock(path.join(folder, 'lock'));
  if (lock.release === undefined) throw new FolderInUse(folder, lock.holder);
  const guard = openGuard(durable ? '' : folder);
  const servers: Server[] = [];

  const close = async () => {
    await Promise.all(servers.map((server) => (durable ? stopServer(server) : server.kill())));
    guard.dismiss();
    lock.release();
    if (!durable) rmSync(folder, { recursive: true, force: true });
  };

  try {
    const given = { mariadb: env.MYSQL_URL, mysql: env.MYSQL_URL, redis: env.REDIS_URL };
    if (given.mysql) await check('MYSQL_URL', given.mysql, pingMysql);
    if (given.redis) await check('REDIS_URL', given.redis, pingRedis);
    const needed = [kind, 'redis' as const].filter((name) => !given[name]);
    const provided = await provideServers(needed, { find, onProgress });
    const place = { folder, durable, provided, guard, state: openState(folder), servers, onProgress };
    const open = async (name: ServerName) =>
      given[name] ? { url: given[name], server: undefined } : await openOwn(name, place);
    const database = await open(kind);
    const redis = await open('redis');
    return { mysqlUrl: database.url, redisUrl: redis.url, database: database.server, redis: redis.server, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function makeFolder(folder: string | undefined): string {
  if (folder === undefined) return realpathSync(mkdtempSync(path.join(tmpdir(), 'group-texting-stack-')));
  mkdirSync(folder, { recursive: true });
  // Whatever the servers make in it: rosters hold phones, and the database everything.
  chmodSync(folder, 0o700);
  return realpathSync(folder);
}

async function check(setting: string, url: string, ping: (url: string) => Promise<void>): Promise<void> {
  try {
    await ping(url);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Error(
      `${setting} is set, but nothing there lets us in (${message || code}). Correct it, or unset it to have a private server started.`,
      { cause },
    );
  }
}
