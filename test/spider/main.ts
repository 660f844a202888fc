import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Db, openDb } from '../../db/connect.ts';
import { migrate } from '../../db/migrate.ts';
import { showSteps } from '../../dev/progress.mjs';
import { mysqlUrl } from '../../dev/stack/database.ts';
import { openGuard } from '../../dev/stack/guard.ts';
import { openStack } from '../../dev/stack/stack.ts';
import { takeMigrated } from '../support/database.ts';
import { askEach } from './asked.ts';
import { commitHalf, countAsked, type Home, readHome, skipsLocked } from './probes.ts';
import { type Fleet, findSpider, NO_SPIDER, startFleet } from './servers.ts';
import { prepareBackend, shardTables } from './tables.ts';
import { textThrough } from './texting.ts';

/**
 * `npm run test:spider`: the tables that grow with texts split by group over two MariaDBs behind a third with the Spider engine.
 * Asks it each statement that the same texts ask of a plain MariaDB, then sends texts through it, and tells what became of both.
 */
const plugins = findSpider();
if (plugins === undefined) {
  process.stdout.write(NO_SPIDER);
} else {
  process.exitCode = (await test(plugins)) ? 0 : 1;
}

async function test(folderOfPlugins: string): Promise<boolean> {
  const steps = showSteps();
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-spider-'));
  const guard = openGuard(folder);
  steps.begin('Starting a Spider, two backends and Redis');
  const fleet = await startFleet(folderOfPlugins, { folder, guard });
  const stack = await openStack({ env: { MYSQL_URL: mysqlUrl(fleet.spiderAt) } });
  process.env.TEST_MYSQL_URL = stack.mysqlUrl;
  process.env.TEST_REDIS_URL = stack.redisUrl;
  const dbs: Db[] = [];
  try {
    steps.begin('Texting without Spider');
    const servers = pidsOf(fleet);
    const locks: string[] = [];
    const plain = await textThrough({
      servers,
      look: async (own) => {
        locks.push(await skipsLocked(own));
      },
    });
    steps.begin('Splitting the tables');
    const { url, giveBack } = await takeMigrated();
    const backends = await openBackends(fleet, url);
    const db = openDb(url, { size: 2 });
    dbs.push(db, ...backends);
    await shardTables(db, { backends: fleet.backendsAt, database: nameIn(url) });
    steps.begin('Asking each statement');
    const refused = await askEach(db, plain.asked);
    await giveBack();
    steps.end();
    for (const { text, why } of refused) print(`refused: ${why}\n    ${text.replace(/\s+/g, ' ').trim()}`);
    steps.begin('Texting through Spider');
    const before = await sumOf(backends);
    let asked = 0;
    let homes: Home[] = [];
    let half = '';
    const split = await textThrough({
      servers,
      look: async () => {
        asked = (await sumOf(backends)) - before;
        homes = await Promise.all(backends.map(readHome));
        locks.push(await skipsLocked(db));
        const [even, odd] = fleet.backends;
        const [look] = backends;
        if (even === undefined || odd === undefined || look === undefined) throw new Error('there are two backends');
        half = await commitHalf(db, { kill: () => odd.kill(), look });
        await odd.start();
      },
    });
    steps.end();
    say({ plain, split, refused, homes, asked });
    print(`FOR UPDATE SKIP LOCKED without Spider: ${locks[0]}; with it: ${locks[1]}`);
    print(`a transaction over both backends, of which one dies before the COMMIT: ${half}`);
    const isWhole = homes.every(({ strays, messages }) => strays === 0 && messages > 0);
    return refused.length === 0 && split.lost === 0 && split.doubled === 0 && isWhole;
  } finally {
    await Promise.all(dbs.map((db) => db.destroy()));
    await stack.close();
    await Promise.all([fleet.spider, ...fleet.backends].map((server) => server.kill()));
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function pidsOf({ spider, backends }: Fleet): Record<string, number> {
  return Object.fromEntries([spider, ...backends].map(({ pid = 0 }, at) => [`server ${at}`, pid]));
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}

/** The same schema, under the same name. */
async function openBackends({ backendsAt }: Fleet, url: string): Promise<Db[]> {
  return Promise.all(
    backendsAt.map(async (address) => {
      const own = new URL(mysqlUrl(address));
      const first = openDb(own.href, { size: 1 });
      await first.raw(`CREATE DATABASE ${nameIn(url)}`);
      await first.destroy();
      own.pathname = `/${nameIn(url)}`;
      const db = openDb(own.href, { size: 3 });
      await migrate(db);
      await prepareBackend(db);
      return db;
    }),
  );
}

type Texted = Awaited<ReturnType<typeof textThrough>>;
type Told = {
  plain: Texted;
  split: Texted;
  refused: Awaited<ReturnType<typeof askEach>>;
  homes: readonly Home[];
  /** Statements that the backends were asked meanwhile. */
  asked: number;
};

async function sumOf(servers: readonly Db[]): Promise<number> {
  return (await Promise.all(servers.map(countAsked))).reduce((sum, count) => sum + count, 0);
}

function say({ plain, split, refused, homes, asked }: Told): void {
  print(
    `statements: ${plain.asked.length} of ours without Spider, ${split.asked.length} with it, of which Spider made ${asked} for the backends`,
  );
  print(`kinds of statements of the same texts: ${plain.shapes}, refused by Spider: ${refused.length}`);
  for (const [what, { texts, recipients, ms, lost, doubled, failed, cpuUs }] of Object.entries({ plain, split }))
    print(
      `${what}: ${texts} texts, ${recipients} recipients in ${(ms / 1000).toFixed(1)} s (${Math.round((recipients * 1000) / ms)} a second); lost ${lost}, doubled ${doubled}, not accepted ${failed}; ${Math.round(cpuUs)} µs of MariaDB’s CPU a recipient`,
    );
  for (const [at, home] of homes.entries())
    print(
      `backend ${at}: ${home.groups} groups, ${home.messages} messages, ${home.deliveries} deliveries, ${home.strays} rows of another’s`,
    );
}
