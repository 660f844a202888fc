import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { openGuard } from '../../dev/stack/guard.ts';
import { freePort } from '../../dev/stack/port.ts';
import { redisSettings } from '../../dev/stack/redis.ts';
import type { Server } from '../../dev/stack/server.ts';
import { startRedisServer } from './redis-server.ts';
import { until } from './rows.ts';

export type Sentinels = {
  /** Two addresses; the first does not answer. */
  url: string;
  /** A connection to the master of the moment. */
  onMaster<T>(work: (master: Redis) => Promise<T>): Promise<T>;
  /** Ends the master at once. Its replica becomes the master some moments later. */
  killMaster(): Promise<void>;
  close(): Promise<void>;
};

/** A Redis, its replica, and a Sentinel that watches both, on loopback. */
export async function openSentinels(): Promise<Sentinels> {
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-sentinel-'));
  const guard = openGuard(folder);
  const nodes = new Map<number, Server>();
  const others: Server[] = [];
  async function close(): Promise<void> {
    await Promise.all([...nodes.values(), ...others].map((server) => server.kill()));
    guard.dismiss();
    rmSync(folder, { recursive: true, force: true });
  }
  async function startNode(...more: string[]): Promise<number> {
    const port = await freePort();
    const own = path.join(folder, String(port));
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', own, ...redisSettings, ...more];
    nodes.set(port, await startRedisServer(guard, { folder: own, args, url: `redis://127.0.0.1:${port}` }));
    return port;
  }
  try {
    const first = await startNode();
    await startNode('--replicaof', '127.0.0.1', String(first), '--repl-diskless-sync-delay', '0');
    const port = await freePort();
    const own = path.join(folder, 'sentinel');
    mkdirSync(own);
    const settings = path.join(own, 'sentinel.conf');
    writeFileSync(settings, sentinelSettings(port, first));
    const args = [settings, '--sentinel', '--dir', own];
    others.push(await startRedisServer(guard, { folder: own, args, url: `redis://127.0.0.1:${port}` }));
    const asked = new Redis({ port });
    const masterPort = async () =>
      Number(((await asked.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)) as string[])[1]);
    await until('the Sentinel knows the replica', async () =>
      ((await asked.call('SENTINEL', 'REPLICAS', NAME)) as string[][]).some((replica) => isWhole(replica)),
    );
    return {
      url: `redis+sentinel://127.0.0.1:${await freePort()},127.0.0.1:${port}/${NAME}`,
      async onMaster(work) {
        const master = new Redis({ port: await masterPort() });
        return work(master).finally(() => master.disconnect());
      },
      async killMaster() {
        await nodes.get(await masterPort())?.kill();
      },
      async close() {
        asked.disconnect();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const NAME = 'texting';

/** It is given up after half a second. A single Sentinel is the majority of itself. */
function sentinelSettings(port: number, master: number): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${master} 1`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    `sentinel failover-timeout ${NAME} 3000`,
    '',
  ].join('\n');
}

/** A replica that is in step may become the master. */
function isWhole(replica: readonly string[]): boolean {
  const at = replica.indexOf('master-link-status');
  return replica[at + 1] === 'ok';
}
