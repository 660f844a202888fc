import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { onOneConnection, openDb, row, run } from '../../db/connect.ts';
import { makeDataFolder, mysqlUrl, planDatabase } from '../../dev/stack/database.ts';
import { findProgram } from '../../dev/stack/find.ts';
import { type Guard, openGuard } from '../../dev/stack/guard.ts';
import { pingMysql } from '../../dev/stack/ping.ts';
import { freePort } from '../../dev/stack/port.ts';
import { provideServers } from '../../dev/stack/provide.ts';
import { redisSettings } from '../../dev/stack/redis.ts';
import { makeServer, type Server } from '../../dev/stack/server.ts';
import { startRedisServer } from './redis-server.ts';

/** A file of the folder `certificates`. */
export const certificate = (name: string): string => path.join(import.meta.dirname, 'certificates', `${name}.pem`);

export type SecureServers = {
  /** With the authority that signed their certificates. */
  mysqlUrl: string;
  redisUrl: string;
  /** Meanwhile their certificates are for another host. */
  asElsewhere(work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
};

/** A database of the same kind as the tests', and a Redis, that are reached by TLS alone, as `localhost`. */
export async function openSecureServers(): Promise<SecureServers> {
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-secure-'));
  const guard = openGuard(folder);
  const servers: Server[] = [];
  async function close(): Promise<void> {
    await Promise.all(servers.map((server) => server.kill()));
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    const database = await startDatabase(folder, guard, servers);
    const redisUrl = await startRedis(folder, guard, servers);
    return {
      mysqlUrl: database.url,
      redisUrl,
      close,
      asElsewhere: (work) => database.asElsewhere(() => withRedisElsewhere(redisUrl, work)),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startDatabase(folder: string, guard: Guard, servers: Server[]) {
  const kind = (await isMariaDb()) ? 'mariadb' : 'mysql';
  const programs = (await provideServers([kind], { find: findProgram, onProgress() {} }))[kind];
  if (programs === undefined) throw new Error(`a database with TLS needs the programs of ${kind} on this machine`);
  const address = { port: await freePort(), password: 'secret' };
  const url = secured(mysqlUrl(address), 'mysqls:');
  await makeDataFolder(kind, programs, { folder, guard });
  const plan = planDatabase(kind, programs, { folder, address, durable: false });
  const files = ['ca', 'localhost', 'localhost-key'].map((name) => path.join(folder, `${name}.pem`));
  const [ca, cert, key] = files;
  const put = (host: string) => {
    copyFileSync(certificate(host), cert ?? '');
    copyFileSync(certificate(`${host}-key`), key ?? '');
  };
  copyFileSync(certificate('ca'), ca ?? '');
  put('localhost');
  const tls = [`--ssl-ca=${ca}`, `--ssl-cert=${cert}`, `--ssl-key=${key}`, '--require-secure-transport=ON'];
  const server = makeServer({ ...plan, args: [...plan.args, ...tls], ping: () => pingMysql(url) }, guard, () => {});
  servers.push(server);
  await server.start();
  const reload = kind === 'mariadb' ? 'FLUSH SSL' : 'ALTER INSTANCE RELOAD TLS';
  async function asElsewhere(work: () => Promise<void>): Promise<void> {
    const db = openDb(url, { size: 1 });
    await onOneConnection(db, async (own) => {
      put('elsewhere');
      await run(own, reload);
      await work().finally(async () => {
        put('localhost');
        await run(own, reload);
      });
    });
    await db.destroy();
  }
  return { url, asElsewhere };
}

async function startRedis(folder: string, guard: Guard, servers: Server[]): Promise<string> {
  const port = await freePort();
  const url = secured(`redis://127.0.0.1:${port}`, 'rediss:');
  const args = [
    ...['--port', '0', '--tls-port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...redisSettings],
    ...['--tls-auth-clients', 'no', '--tls-ca-cert-file', certificate('ca'), ...redisCertificate('localhost')],
  ];
  servers.push(await startRedisServer(guard, { folder, args, url }));
  return url;
}

async function withRedisElsewhere(url: string, work: () => Promise<void>): Promise<void> {
  const { port, hostname } = new URL(url);
  const redis = new Redis({ host: hostname, port: Number(port), tls: { rejectUnauthorized: false } });
  const put = (host: string) =>
    redis.call('CONFIG', 'SET', ...redisCertificate(host).map((word) => word.replace(/^--/, '')));
  await put('elsewhere');
  await work().finally(() => put('localhost'));
  redis.disconnect();
}

const redisCertificate = (host: string): string[] => [
  ...['--tls-cert-file', certificate(host)],
  ...['--tls-key-file', certificate(`${host}-key`)],
];

function secured(url: string, scheme: string): string {
  return `${url.replace(/^\w+:/, scheme).replace('127.0.0.1', 'localhost')}?ca=${encodeURIComponent(certificate('ca'))}`;
}

async function isMariaDb(): Promise<boolean> {
  const db = openDb(process.env.TEST_MYSQL_URL ?? '', { size: 1 });
  const said = await row<{ version: string }>(db, 'SELECT VERSION() AS version');
  await db.destroy();
  return said?.version.includes('MariaDB') ?? false;
}
