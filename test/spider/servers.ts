import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { makeDataFolder, planDatabase } from '../../dev/stack/database.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { makeServer, type Server } from '../../dev/stack/server.ts';
import type { Address } from '../../dev/stack/state.ts';
import { provideMariaDb } from '../support/replicated.ts';

/** Where distributions put the plugins of MariaDB; `SPIDER_PLUGINS` names another folder. */
const FOLDERS = ['/usr/lib/mysql/plugin', '/usr/lib64/mysql/plugin', '/usr/lib64/mariadb/plugin'];

/** The folder of MariaDB's Spider engine; undefined where it is not installed. */
export function findSpider(): string | undefined {
  const folders = [process.env.SPIDER_PLUGINS ?? '', ...FOLDERS];
  return folders.find((folder) => existsSync(path.join(folder, 'ha_spider.so')));
}

export type Fleet = { spider: Server; backends: Server[]; spiderAt: Address; backendsAt: Address[] };

/** More shards than there will ever be: each server counts ids in these steps. */
const STEP = 64;

/**
 * A MariaDB with Spider, and two others behind it. What is on the first backend has even ids, on the second odd ones, as
 * Spider's HASH partitions have it.
 */
export async function startFleet(plugins: string, place: { folder: string; guard: Guard }): Promise<Fleet> {
  const [spiderAt, even, odd] = [await anAddress(), await anAddress(), await anAddress()];
  const spider = await start('spider', spiderAt, { ...place, settings: settingsOf(plugins) });
  const counted = (offset: number) => [`--auto-increment-increment=${STEP}`, `--auto-increment-offset=${offset}`];
  const backends = [
    await start('even', even, { ...place, settings: counted(2) }),
    await start('odd', odd, { ...place, settings: counted(1) }),
  ];
  return { spider, backends, spiderAt, backendsAt: [even, odd] };
}

function settingsOf(plugins: string): string[] {
  return [`--plugin-dir=${plugins}`, '--plugin-load-add=ha_spider'];
}

async function anAddress(): Promise<Address> {
  return { port: await freePort(), password: 'spider' };
}

async function start(
  name: string,
  address: Address,
  { folder: all, guard, settings }: { folder: string; guard: Guard; settings: readonly string[] },
): Promise<Server> {
  const folder = path.join(all, name);
  mkdirSync(folder);
  const programs = await provideMariaDb(() => {});
  await makeDataFolder('mariadb', programs, { folder, guard });
  const plan = planDatabase('mariadb', programs, { folder, address, durable: false });
  const server = makeServer({ ...plan, args: [...plan.args, ...settings] }, guard, () => {});
  await server.start();
  return server;
}
