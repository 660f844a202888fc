import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDb, row } from '../../db/connect.ts';
import { type DatabasePrograms, makeDataFolder, mysqlUrl, planDatabase } from '../../dev/stack/database.ts';
import type { Guard } from '../../dev/stack/guard.ts';
import { makeServer, type Server, type ServerPlan, stopServer } from '../../dev/stack/server.ts';
import { onHost } from './on-host.ts';

/** `on`: the words before its command that make it run on its host. `port` is for clients, `groupPort` for the other members. */
export type Member = { name: string; host: string; port: number; groupPort: number; on: readonly string[] };

/** MySQLs of which one, the primary, takes writes; a COMMIT is answered when most of them have it. They choose the next primary themselves. */
export type Group = {
  members: readonly Member[];
  urlOf(member: Member): string;
  /** Of the moment, as most of them see it; undefined while there is none. */
  primary(): Promise<Member | undefined>;
  signal(member: Member, signal: NodeJS.Signals): Promise<void>;
  /** Waits until all are in the group, starts those that are not, and has those join that do not do so by themselves. */
  makeWhole(): Promise<void>;
  close(): Promise<void>;
};

export const GROUP_NAME = 'b2f0c1de-7e3a-4c0e-9a44-0d6f5c1b7a10';

export async function openGroup(members: readonly Member[], place: Place): Promise<Group> {
  const { programs, folder, guard, password, settings = [] } = place;
  const servers = new Map<Member, Server>();
  const urlOf = ({ host, port }: Member) => mysqlUrl({ host, port, password });
  const folderOf = ({ name }: Member) => path.join(folder, name);

  function plan(member: Member, isFirst: boolean): ServerPlan {
    const { host, port, on } = member;
    const own = planDatabase('mysql', programs, {
      ...{ folder: folderOf(member), address: { host, port, password }, durable: true },
    });
    const args = own.args.filter((arg) => !WITHOUT.includes(arg) && (isFirst || !arg.startsWith('--init-file=')));
    return onHost({ ...own, args: [...args, ...settingsOf(member, members), ...settings] }, on);
  }
  async function start(member: Member): Promise<void> {
    mkdirSync(folderOf(member));
    await makeDataFolder('mysql', programs, { folder: folderOf(member), guard });
    // The account and the database are made at each for itself, once: later no member may write by itself.
    const first = makeServer(plan(member, true), guard, () => {});
    servers.set(member, first);
    await first.start();
    await stopServer(first);
    const server = makeServer(plan(member, false), guard, () => {});
    servers.set(member, server);
    await server.start();
  }
  const join = (member: Member) =>
    askAt(urlOf(member), [`START GROUP_REPLICATION USER = 'texting', PASSWORD = '${password}'`]);
  async function close(): Promise<void> {
    await Promise.all([...servers.values()].map(stopServer));
  }
  async function makeWhole(): Promise<void> {
    for (const until = Date.now() + WHOLE_MS; ; await sleep(250)) {
      await Promise.all([...servers.values()].map((server) => server.start()));
      const views = await Promise.all(members.map((member) => viewAt(urlOf(member))));
      // One that was put out goes on for a moment as if it were not: all have to agree.
      if (views.every((view) => view?.online === members.length)) return;
      if (Date.now() > until) throw new Error(`the group was not whole in ${WHOLE_MS} ms: ${JSON.stringify(views)}`);
      const out = members.filter((_, at) => views[at]?.own === 'OFFLINE');
      // Refused as long as the others take it for a member that will be back.
      await Promise.all(out.map((member) => join(member).catch(() => undefined)));
    }
  }

  try {
    await Promise.all(members.map(start));
    const [first, ...others] = members;
    if (first === undefined) throw new Error('a group has members');
    await askAt(urlOf(first), ['SET GLOBAL group_replication_bootstrap_group = ON']);
    await join(first);
    await askAt(urlOf(first), ['SET GLOBAL group_replication_bootstrap_group = OFF']);
    for (const member of others) await join(member);
    await makeWhole();
  } catch (error) {
    await close();
    throw error;
  }

  return {
    members,
    urlOf,
    async primary() {
      const views = await Promise.all(members.map((member) => viewAt(urlOf(member))));
      return members.find(({ port, host }) => {
        const count = views.filter((view) => view?.primary === `${host}:${port}`).length;
        return count * 2 > members.length;
      });
    },
    async signal(member, signal) {
      await servers.get(member)?.kill(signal);
    },
    makeWhole,
    close,
  };
}
type Place = {
  programs: DatabasePrograms;
  folder: string;
  guard: Guard;
  /** MySQL takes no more than 32 characters for what members say to each other. */
  password: string;
  /** Beyond those of every group. */
  settings?: readonly string[];
};

/** Of a MySQL that is alone. */
const WITHOUT = ['--skip-log-bin', '--performance-schema=OFF'];
const WHOLE_MS = 120_000;

const settingsOf = ({ host, port, groupPort }: Member, all: readonly Member[]): string[] => [
  `--server-id=${1 + all.findIndex((one) => one.port === port && one.host === host)}`,
  '--log-bin=texting',
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--performance-schema=ON',
  `--report-host=${host}`,
  `--report-port=${port}`,
  '--plugin-load-add=group_replication.so',
  `--loose-group-replication-group-name=${GROUP_NAME}`,
  '--loose-group-replication-start-on-boot=OFF',
  `--loose-group-replication-local-address=${host}:${groupPort}`,
  `--loose-group-replication-group-seeds=${all.map((one) => `${one.host}:${one.groupPort}`).join(',')}`,
  `--loose-group-replication-ip-allowlist=${[...new Set(all.map((one) => one.host))].join(',')}`,
  '--loose-group-replication-single-primary-mode=ON',
  // Who reads at a new primary reads all that the old one has committed.
  '--loose-group-replication-consistency=BEFORE_ON_PRIMARY_FAILOVER',
  // One that is silent for five seconds, which is fixed, is put out at once and not after five more.
  '--loose-group-replication-member-expel-timeout=0',
  '--loose-group-replication-recovery-get-public-key=ON',
];

/** Not by `run`, whose time limit is the product's: to start a member may take longer. */
async function askAt(url: string, statements: readonly string[]): Promise<void> {
  const db = openDb(url, { size: 1 });
  try {
    for (const statement of statements) await db.raw(statement);
  } finally {
    await db.destroy();
  }
}

/** The state of a member by its own words, and how many it sees in the group. */
type View = { own: string | null; online: number; primary: string | null };

/** Undefined where it does not answer. */
async function viewAt(url: string): Promise<View | undefined> {
  const db = openDb(url, { size: 1 });
  try {
    // One that has not joined since its start has no row of its own.
    return await row<View>(
      db,
      `SELECT COALESCE(MAX(IF(MEMBER_ID = @@server_uuid, MEMBER_STATE, NULL)), 'OFFLINE') AS own,
         CAST(COALESCE(SUM(MEMBER_STATE = 'ONLINE'), 0) AS SIGNED) AS online,
         MAX(IF(MEMBER_ROLE = 'PRIMARY' AND MEMBER_STATE = 'ONLINE', CONCAT(MEMBER_HOST, ':', MEMBER_PORT), NULL)) AS \`primary\`
       FROM performance_schema.replication_group_members`,
    );
  } catch {
    return undefined;
  } finally {
    await db.destroy();
  }
}
