import { createHash } from 'node:crypto';
import path from 'node:path';
import { databaseSettings } from './database.ts';
import { type Find, runProgram } from './find.ts';
import { packages } from './install.ts';
import { pingMysql, pingRedis } from './ping.ts';
import { redisSettings, redisUrl } from './redis.ts';
import type { ServerPlan } from './server.ts';
import type { Address, DatabaseName, ServerName } from './state.ts';

const images: Record<ServerName, string> = {
  mariadb: 'mariadb:10.11',
  mysql: 'mysql:8.4',
  redis: 'redis:7',
};

/** Where docker is, if its engine answers. */
export async function findDocker(find: Find): Promise<string | undefined> {
  const docker = find('docker');
  if (docker === undefined) return undefined;
  const { ok } = await runProgram(docker, ['version', '--format', '{{.Server.Version}}'], { seconds: 10 });
  return ok ? docker : undefined;
}

/** Fetches the server's image unless it is here. Throws with the end of docker's output. */
export async function fetchImage(docker: string, name: ServerName): Promise<void> {
  if ((await runProgram(docker, ['image', 'inspect', images[name]])).ok) return;
  const { ok, output } = await runProgram(docker, ['pull', images[name]]);
  if (!ok) throw new Error(`docker could not fetch ${images[name]}:\n${output.split('\n').slice(-5).join('\n')}`);
}

type Container = { folder: string; address: Address; durable: boolean };

/** The user there is root: it is the one that the image gives all rights. */
export const dockerMysqlUrl = ({ port, password }: Address): string =>
  `mysql://root:${password}@127.0.0.1:${port}/texting`;

/** The same server as a container. Its client is our child and passes SIGTERM on; with it the container goes. */
export function planContainer(docker: string, name: ServerName, { folder, address, durable }: Container): ServerPlan {
  const container = containerName(name, folder);
  const { inside, data, env, args } = name === 'redis' ? redis(address) : database(name, address, durable);
  return {
    name: `${packages[name].name} (Docker)`,
    command: docker,
    args: [
      ...['run', '--rm', '--name', container],
      ...['--publish', `127.0.0.1:${address.port}:${inside}`],
      ...(durable ? ['--volume', `${container}:${data}`] : []),
      // Only the names: the values come from our environment, out of sight of other users.
      ...Object.keys(env).flatMap((variable) => ['--env', variable]),
      images[name],
      ...args,
    ],
    env: { ...process.env, ...env },
    folder,
    log: path.join(folder, `${name}.log`),
    ping: name === 'redis' ? () => pingRedis(redisUrl(address)) : () => pingMysql(dockerMysqlUrl(address)),
    signal: async (signal) => {
      await runProgram(docker, ['kill', '--signal', signal, container], { seconds: 30 });
    },
  };
}

/** Ends a container that outlived its parent. */
export async function removeContainer(docker: string, name: ServerName, folder: string): Promise<void> {
  await runProgram(docker, ['rm', '--force', containerName(name, folder)], { seconds: 30 });
}

const containerName = (name: ServerName, folder: string): string =>
  `group-texting-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}-${name}`;

const database = (name: DatabaseName, { password }: Address, durable: boolean) => ({
  inside: 3306,
  data: '/var/lib/mysql',
  env: { [`${name.toUpperCase()}_ROOT_PASSWORD`]: password, [`${name.toUpperCase()}_DATABASE`]: 'texting' },
  args: ['--skip-name-resolve', ...databaseSettings(durable)],
});

const redis = ({ password }: Address) => ({
  inside: 6379,
  data: '/data',
  env: { REDIS_PASSWORD: password },
  args: ['sh', '-c', `exec redis-server --requirepass "$REDIS_PASSWORD" ${redisSettings.map(quote).join(' ')}`],
});

const quote = (word: string): string => `'${word}'`;
