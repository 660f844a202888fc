import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openDb, row, run } from '../../db/connect.ts';
import { mysqlUrl } from '../../dev/stack/database.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { type Server, stopServer } from '../../dev/stack/server.ts';
import { doStep } from '../faults/steps.ts';
import { provideMariaDb, startReplicated } from '../support/replicated.ts';
import type { Network } from './network.ts';

/** A MariaDB and its replica, each on its host, and an address that is that of the primary. */
export type Databases = {
  url: string;
  /** The hosts of the moment. */
  readonly primary: string;
  readonly replica: string;
  /** Whether a commit waits until the replica has it. */
  setSemiSync(on: boolean): Promise<void>;
  /** kill -9. Its host has gone silent just before, so that nobody hears of it. */
  killPrimary(): Promise<void>;
  /** Makes the replica the primary, by deploy/promote-replica, and gives it the address. */
  promote(): Promise<void>;
  /** The host that has lost its primary gets a new server, which follows the other. Resolves when it has all. */
  rebuild(): Promise<void>;
  close(): Promise<void>;
};

const PORT = 3306;
const HOSTS = ['mysql', 'mysql.2'] as const;
const PROMOTE = new URL('../../deploy/promote-replica', import.meta.url).pathname;

export async function openDatabases(
  address: string,
  { folder, guard, network, onProgress }: Place,
): Promise<Databases> {
  const programs = await provideMariaDb(onProgress);
  const password = randomBytes(18).toString('hex');
  const own = (name: string) => ({ host: network.addressOf(name), port: PORT, password });
  const servers = new Map<string, Server>();
  let primary: string = HOSTS[0];
  let replica: string = HOSTS[1];

  async function start(name: string): Promise<void> {
    const server = await startReplicated(programs, {
      ...{ folder: path.join(folder, name), guard, address: own(name), on: network.on(name) },
      id: 1 + (HOSTS as readonly string[]).indexOf(name),
    });
    servers.set(name, server);
  }

  async function follow(): Promise<void> {
    await askAll(mysqlUrl(own(replica)), [
      `CHANGE MASTER TO MASTER_HOST='${network.addressOf(primary)}', MASTER_PORT=${PORT}, MASTER_USER='texting',
        MASTER_PASSWORD='${password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1, MASTER_HEARTBEAT_PERIOD=1`,
      'SET GLOBAL rpl_semi_sync_slave_enabled = 1',
      'SET GLOBAL read_only = 1',
      'START SLAVE',
    ]);
    await untilFollowed(mysqlUrl(own(primary)), mysqlUrl(own(replica)));
    await setSemiSync(true);
  }

  async function setSemiSync(on: boolean): Promise<void> {
    await askAll(mysqlUrl(own(primary)), [`SET GLOBAL rpl_semi_sync_master_enabled = ${on ? 1 : 0}`]);
  }

  await Promise.all(HOSTS.map(start));
  network.move(address, primary);
  await follow();
  return {
    url: mysqlUrl({ ...own(primary), host: address }),
    get primary() {
      return primary;
    },
    get replica() {
      return replica;
    },
    setSemiSync,
    async killPrimary() {
      network.unplug([primary]);
      await servers.get(primary)?.kill('SIGKILL');
    },
    async promote() {
      const words = [`--host=${network.addressOf(replica)}`, `--port=${PORT}`, '--user=texting', '--ssl=0'];
      const env = { ...process.env, MYSQL_PWD: password };
      await promisify(execFile)(PROMOTE, words, { env });
      [primary, replica] = [replica, primary];
      network.move(address, primary);
    },
    async rebuild() {
      network.join();
      rmSync(path.join(folder, replica), { recursive: true });
      await start(replica);
      await follow();
    },
    async close() {
      await Promise.all([...servers.values()].map(stopServer));
    },
  };
}

type Place = { folder: string; guard: Guard; network: Network; onProgress: (step: string) => void };

async function askAll(url: string, statements: readonly string[]): Promise<void> {
  const db = openDb(url, { size: 1 });
  try {
    for (const statement of statements) await doStep(() => run(db, statement));
  } finally {
    await db.destroy();
  }
}

/** Waits until the replica has all that the primary has committed by now. */
async function untilFollowed(primaryUrl: string, replicaUrl: string): Promise<void> {
  const [primary, replica] = [openDb(primaryUrl, { size: 1 }), openDb(replicaUrl, { size: 1 })];
  try {
    const said = await doStep(() => row<{ at: string }>(primary, 'SELECT @@GLOBAL.gtid_binlog_pos AS at'));
    for (;;) {
      // Less than a second: a statement has two.
      const asked = () => row<{ left: number }>(replica, 'SELECT MASTER_GTID_WAIT(?, 1) AS `left`', [said?.at ?? '']);
      const waited = await doStep(asked);
      if (waited?.left === 0) return;
      await sleep(100);
    }
  } finally {
    await Promise.all([primary.destroy(), replica.destroy()]);
  }
}
