import { mkdirSync } from 'node:fs';
import { type DatabasePrograms, makeDataFolder, planDatabase } from '../../dev/stack/database.ts';
import { findProgram } from '../../dev/stack/find.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { provideServers } from '../../dev/stack/provide.ts';
import { makeServer, type Server } from '../../dev/stack/server.ts';
import type { Address } from '../../dev/stack/state.ts';
import { onHost } from './on-host.ts';

/** Of a primary and of its replica, as docs/operating.md says. A replica that hears nothing for 4 s looks for its primary anew. */
const SETTINGS = [
  '--log-bin=texting',
  '--binlog-format=ROW',
  '--sync-binlog=1',
  '--log-slave-updates',
  '--gtid-strict-mode',
  '--rpl-semi-sync-master-wait-point=AFTER_SYNC',
  '--rpl-semi-sync-master-timeout=1000000000',
  '--slave-net-timeout=4',
];

export async function provideMariaDb(onProgress: (step: string) => void): Promise<DatabasePrograms> {
  const { mariadb } = await provideServers(['mariadb'], { find: findProgram, onProgress });
  if (mariadb === undefined) throw new Error('this needs MariaDB on this machine, not in Docker');
  return mariadb;
}

export type Site = {
  /** Is made. */
  folder: string;
  guard: Guard;
  address: Address;
  /** The words before its command that make it run there. */
  on?: readonly string[];
  /** Of this server among those that replicate. */
  id: number;
};

/** An empty MariaDB that can be the primary or a replica, and is neither yet. It listens on every address of its host. */
export async function startReplicated(
  programs: DatabasePrograms,
  { folder, guard, address, on = [], id }: Site,
): Promise<Server> {
  mkdirSync(folder);
  await makeDataFolder('mariadb', programs, { folder, guard });
  const plan = planDatabase('mariadb', programs, { folder, address, durable: true });
  const args = [
    ...plan.args.filter((arg) => !arg.startsWith('--bind-address')),
    ...['--bind-address=0.0.0.0', `--server-id=${id}`, ...SETTINGS],
  ];
  const server = makeServer(onHost({ ...plan, args }, on), guard, () => {});
  await server.start();
  return server;
}
