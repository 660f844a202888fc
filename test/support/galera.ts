import { chownSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDb, rows } from '../../db/connect.ts';
import { type DatabasePrograms, makeDataFolder, mysqlUrl, planDatabase } from '../../dev/stack/database.ts';
import { findProgram, runProgram } from '../../dev/stack/find.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { makeServer, type Server, type ServerPlan, stopServer } from '../../dev/stack/server.ts';
import { onHost } from './on-host.ts';

/** Where distributions put Galera’s library; `GALERA_PROVIDER` names another file. */
const PROVIDERS = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera-4/libgalera_smm.so'];

/** The library that makes a MariaDB a node of a cluster; undefined where it, or what copies a node, is not installed. */
export function findGalera(): string | undefined {
  if (['wsrep_sst_rsync', 'rsync'].some((program) => findProgram(program) === undefined)) return undefined;
  return [process.env.GALERA_PROVIDER ?? '', ...PROVIDERS].find((file) => file !== '' && existsSync(file));
}

const NOBODY = 65_534;

/** `on`: the words before its command that make it run on its host. Each has a port of its own, by which it calls itself. */
export type Node = { name: string; host: string; port: number; on: readonly string[] };

/**
 * MariaDBs that all take writes, and agree on each transaction at its COMMIT: one that changed what another has changed in the same
 * moment is taken back there, as for a deadlock.
 */
export type Galera = {
  nodes: readonly Node[];
  urlOf(node: Node): string;
  signal(node: Node, signal: NodeJS.Signals): Promise<void>;
  /** A node that was killed starts where it stopped, and hears from the others what it missed. */
  startAgain(node: Node): Promise<void>;
  /** Waits until all nodes are in, and have what the others have. */
  whole(): Promise<void>;
  /** Transactions so far that were taken back at their COMMIT, or before it because another node’s came first. */
  conflicts(): Promise<number>;
  close(): Promise<void>;
};

export async function openGalera(
  nodes: readonly Node[],
  { provider, programs, folder, guard, password }: Place,
): Promise<Galera> {
  const servers = new Map<Node, Server>();
  const addressOf = ({ host, port }: Node) => ({ host, port, password });
  const folderOf = ({ name }: Node) => path.join(folder, name);
  const dataOf = (node: Node) => path.join(folderOf(node), 'mariadb');
  const [first, ...others] = nodes;
  if (first === undefined) throw new Error('a cluster has nodes');

  /** What copies a node has a daemon at the other, which is nobody where root has started it. */
  function openToCopies(node: Node): void {
    if (process.getuid?.() === 0) chownSync(dataOf(node), NOBODY, NOBODY);
  }
  function plan(node: Node, settings: readonly string[]): ServerPlan {
    const own = planDatabase('mariadb', programs, { folder: folderOf(node), address: addressOf(node), durable: true });
    return onHost({ ...own, args: [...own.args, ...settings] }, node.on);
  }
  async function start(node: Node, settings: readonly string[]): Promise<void> {
    const server = makeServer(plan(node, settings), guard, () => {});
    servers.set(node, server);
    await server.start();
  }
  async function join(node: Node, settings: readonly string[]): Promise<void> {
    await start(node, [...settingsOf(node, nodes), ...settings]);
    await untilReady(mysqlUrl(addressOf(node)));
  }
  const settingsOf = (node: Node, joins: readonly Node[]) => [
    // What all agree on is there already; a node that joins may not write before it is in.
    '--init-file=',
    '--wsrep-on=ON',
    `--wsrep-provider=${provider}`,
    '--wsrep-cluster-name=texting',
    `--wsrep-cluster-address=gcomm://${joins.map(({ host }) => host).join(',')}`,
    `--wsrep-node-name=${node.name}`,
    `--wsrep-node-address=${node.host}`,
    '--wsrep-sst-method=rsync',
    `--wsrep-provider-options=${PROVIDER_OPTIONS}`,
    '--binlog-format=ROW',
    '--innodb-autoinc-lock-mode=2',
    '--wsrep-slave-threads=2',
    `--wsrep-sync-wait=${SYNC_WAIT}`,
  ];

  async function close(): Promise<void> {
    await Promise.all([...servers.values()].map(stopServer));
  }

  try {
    mkdirSync(folderOf(first));
    await makeDataFolder('mariadb', programs, { folder: folderOf(first), guard });
    openToCopies(first);
    // Alone at first, for the account and the database.
    await start(first, []);
    await stopServer(servers.get(first) as Server);
    await start(first, settingsOf(first, []));
    for (const node of others) {
      // A copy of all that the first has comes to an empty folder.
      mkdirSync(dataOf(node), { recursive: true });
      openToCopies(node);
      await join(node, []);
    }
  } catch (error) {
    await close();
    throw error;
  }

  return {
    nodes,
    urlOf: (node) => mysqlUrl(addressOf(node)),
    async signal(node, signal) {
      await servers.get(node)?.kill(signal);
    },
    async startAgain(node) {
      const settings = settingsOf(node, nodes);
      const { command, args } = plan(node, [...settings, '--wsrep-recover']);
      const { output } = await runProgram(command, args, { guard });
      const position = /WSREP: Recovered position:? *([\da-f-]{36}:-?\d+)/.exec(output)?.[1];
      if (position === undefined)
        throw new Error(`${node.name} does not say where it stopped:\n${output.slice(-2_000)}`);
      await join(node, [`--wsrep-start-position=${position}`]);
    },
    async whole() {
      for (const node of nodes) await untilIn(node.name, mysqlUrl(addressOf(node)), nodes.length);
    },
    async conflicts() {
      const counts = await Promise.all(nodes.map((node) => conflictsAt(mysqlUrl(addressOf(node))).catch(() => 0)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    close,
  };
}
type Place = { provider: string; programs: DatabasePrograms; folder: string; guard: Guard; password: string };

/** A node that says nothing for two seconds is out, and what others have missed is kept for it. */
const PROVIDER_OPTIONS = [
  'gcache.size=128M',
  'evs.keepalive_period=PT0.5S',
  'evs.suspect_timeout=PT2S',
  'evs.inactive_timeout=PT4S',
  'evs.install_timeout=PT4S',
].join(';');
/** Reads and writes wait until the node has all that others had committed before: SELECT 1, UPDATE and DELETE 2, INSERT 4. */
const SYNC_WAIT = 7;

/** A node answers before it is in. */
async function untilReady(url: string): Promise<void> {
  for (const until = Date.now() + READY_MS; (await statusOf(url, ['wsrep_ready']).catch(() => [])).at(0) !== 'ON'; ) {
    if (Date.now() > until) throw new Error(`a node of the cluster was not ready in ${READY_MS} ms`);
    await sleep(100);
  }
}

/** One that stood still answers before the others have taken it in again. */
async function untilIn(name: string, url: string, size: number): Promise<void> {
  const wanted = ['Synced', String(size)].join();
  const asked = () => statusOf(url, ['wsrep_cluster_size', 'wsrep_local_state_comment']).catch(() => []);
  for (const until = Date.now() + READY_MS; (await asked()).sort().reverse().join() !== wanted; ) {
    if (Date.now() > until) throw new Error(`${name} was not back in the cluster in ${READY_MS} ms`);
    await sleep(100);
  }
}
const READY_MS = 60_000;

async function conflictsAt(url: string): Promise<number> {
  const counts = await statusOf(url, ['wsrep_local_cert_failures', 'wsrep_local_bf_aborts']);
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

async function statusOf(url: string, names: readonly string[]): Promise<string[]> {
  const db = openDb(url, { size: 1 });
  try {
    const found = await rows<{ Value: string }>(db, 'SHOW GLOBAL STATUS WHERE Variable_name IN (?)', [names]);
    return found.map(({ Value: value }) => value);
  } finally {
    await db.destroy();
  }
}
