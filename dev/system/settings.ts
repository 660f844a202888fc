import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { budgetSettingRows } from '../../engine/platform/budget-setting-rows.ts';
import { isFree, nextFreePort } from '../stack/port.ts';
import type { Env } from './processes.ts';

/** `SIMULATOR_HOST`: where the carrier simulator listens; without it on loopback. */
export type Ports = { PORT: string; SIMULATOR_PORT: string; SIMULATOR_HOST?: string };
export type Secrets = { PLIVO_AUTH_ID: string; PLIVO_AUTH_TOKEN: string; OPS_PASSWORD: string };

const serviceNumber = '+12025550100';
const numberPool = Array.from({ length: 10 }, (_, index) => `+1202555${String(101 + index).padStart(4, '0')}`);

/** Development secrets: made up once, then the same for as long as the folder lives. */
export function keepSecrets(folder: string): Secrets {
  const file = path.join(folder, 'settings.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const secrets: Secrets = {
    PLIVO_AUTH_ID: `MA${letters(18)}`,
    PLIVO_AUTH_TOKEN: randomBytes(20).toString('hex'),
    OPS_PASSWORD: randomBytes(9).toString('base64url'),
    ...kept,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

/** Ports that nobody uses. One that the caller asked for is binding: throws when it is taken. */
export async function choosePorts(env: Env): Promise<Ports> {
  return { PORT: await choose('PORT', env, 3000), SIMULATOR_PORT: await choose('SIMULATOR_PORT', env, 4000) };
}

async function choose(name: string, env: Env, first: number): Promise<string> {
  const wanted = env[name];
  if (!wanted) return String(await nextFreePort(first));
  const port = Number(wanted);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`${name}=${wanted} is no port: it must be a number from 1 to 65535.`);
  }
  if (!(await isFree(port))) {
    throw new Error(
      `${name}=${port} is taken by another program. Choose another, or leave ${name} out and a free one is found.`,
    );
  }
  return wanted;
}

const noBudgets = Object.fromEntries(Object.keys(budgetSettingRows).map((name) => [name, '0']));

/**
 * The environment of every process. What the caller set wins. The made-up numbers, the missing speed limits
 * and the missing budgets belong to the simulator, which texts nobody: who names a carrier of their own names these as well,
 * and keeps its limits.
 */
export function composeEnv(made: {
  env: Env;
  secrets: Secrets;
  ports: Ports;
  servers: { mysqlUrl: string; redisUrl: string };
  /** Where the simulator keeps its handsets, and the engine the pictures of apps. */
  folder: string;
}): { env: Env; simulated: boolean } {
  const { env, secrets, ports, servers, folder } = made;
  const simulated = !env.PLIVO_API_URL;
  const publicUrl = env.PUBLIC_URL || `http://127.0.0.1:${ports.PORT}`;
  const forSimulator = {
    WEBHOOK_BASE: publicUrl,
    SIMULATOR_PORT: ports.SIMULATOR_PORT,
    SIMULATOR_STATE: path.join(folder, 'simulator.json'),
    PLIVO_API_URL: `http://${ports.SIMULATOR_HOST ?? '127.0.0.1'}:${ports.SIMULATOR_PORT}`,
    SERVICE_NUMBER: serviceNumber,
    NUMBER_POOL: numberPool.join(','),
    NUMBER_MPS: '0',
    ACCOUNT_MPS: '0',
    ...noBudgets,
  };
  const defaults: Env = {
    HOST: '127.0.0.1',
    PUBLIC_URL: publicUrl,
    MEDIA_FOLDER: path.join(folder, 'media'),
    ...secrets,
    ...(simulated ? forSimulator : {}),
  };
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  return {
    env: { ...defaults, ...set, PORT: ports.PORT, MYSQL_URL: servers.mysqlUrl, REDIS_URL: servers.redisUrl },
    simulated,
  };
}

const letters = (count: number): string =>
  Array.from({ length: count }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.charAt(randomInt(36))).join('');
