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

/** What a rehearsal says where it is not. */
export const NO_SPIDER =
  'Skipped: MariaDB’s Spider engine is not here (Debian: mariadb-plugin-spider; elsewhere name its folder in SPIDER_PLUGINS).\n';

export type Fleet = { spider: Server; backends: Server[]; spiderAt: Address; backendsAt: Address[] };

/** More shards than there will ever be: each server counts ids in these steps. */
export const STEP = 64;

/**
 * A MariaDB with Spider, and two others behind it. What is on the first backend has even ids, on the second odd ones, as
 * Spider's HASH partitions have it.
 */
export async function startFleet(plugins: string, place: { folder: string; guard: Guard }): Promise<Fleet> {
  const [spiderAt, even, odd] = [await anAddress(), await anAddress(), await anAddress()];
  const spider = await startMariaDb('spider', spiderAt, { ...place, settings: withSpider(plugins) });
  const backends = [
    await startMariaDb('even', even, { ...place, settings: countingFrom(2) }),
    await startMariaDb('odd', odd, { ...place, settings: countingFrom(1) }),
  ];
  return { spider, backends, spiderAt, backendsAt: [even, odd] };
}

export function withSpider(plugins: string): string[] {
  return [`--plugin-dir=${plugins}`, '--plugin-load-add=ha_spider'];
}

/** Ids of this remainder alone. */
export function countingFrom(offset: number): string[] {
  return [`--auto-increment-increment=${STEP}`, `--auto-increment-offset=${offset}`];
}

export async function anAddress(): Promise<Address> {
  return { port: await freePort(), password: 'spider' };
}

/** In a folder of its name, with these settings besides. */
export async function startMariaDb(
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
