import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openDb, row } from '../../db/connect.ts';
import { findProgram, runProgram } from '../../dev/stack/find.ts';
import type { ServerPlan } from '../../dev/stack/server.ts';
import { findUnpackedRouter, unpackWay } from '../../dev/stack/unpack.ts';
import { GROUP_NAME, type Group, type Member } from './group-replication.ts';

/** MySQL Router, and how it is started. */
export type RouterProgram = { command: string; args: readonly string[]; plugins: string };

/** The one of this machine that was fetched before, or that is fetched now. */
export async function provideRouter(onProgress: (step: string) => void): Promise<RouterProgram> {
  const here = findUnpackedRouter();
  if (here !== undefined) return here;
  onProgress('Fetching MySQL Router');
  const fetched = await unpackWay(findProgram, 'mysql-router')?.();
  const now = findUnpackedRouter();
  if (now === undefined)
    throw new Error(
      `MySQL Router is needed, which Debian has in its unstable suite: ${fetched?.output ?? 'no apt-get'}`,
    );
  return now;
}

type Settings = { folder: string; name: string; port: number; members: readonly Member[]; password: string };

/** A router that passes what comes to its port on loopback to the primary of the group. Its folder is made, with its settings. */
export async function planRouter(router: RouterProgram, settings: Settings): Promise<Omit<ServerPlan, 'ping'>> {
  const { name, members, password } = settings;
  const folder = path.join(settings.folder, `router-${name}`);
  mkdirSync(folder);
  await keepPassword(router, { folder, password });
  const servers = members.map(({ host, port }) => `mysql://${host}:${port}`);
  const state = {
    version: '1.0.0',
    'metadata-cache': { 'group-replication-id': GROUP_NAME, 'cluster-metadata-servers': servers },
  };
  writeFileSync(path.join(folder, 'state.json'), JSON.stringify(state));
  const file = path.join(folder, 'router.conf');
  writeFileSync(file, configOf(router, { ...settings, folder }));
  return {
    name: `the router of ${name}`,
    command: router.command,
    args: [...router.args, '-c', file],
    folder,
    log: path.join(folder, 'router.log'),
  };
}

const configOf = ({ plugins }: RouterProgram, { folder, port }: Settings): string => `[DEFAULT]
user=root
plugin_folder=${plugins}
runtime_folder=${folder}
data_folder=${folder}
config_folder=${folder}
logging_folder=
keyring_path=${folder}/keyring
master_key_path=${folder}/master
dynamic_state=${folder}/state.json
connect_timeout=1
read_timeout=1
# Who was refused a hundred times, as all are while there is no primary, would be shut out.
max_connect_errors=4294967295
[logger]
level=INFO
[metadata_cache:texting]
cluster_type=gr
router_id=1
user=texting
metadata_cluster=texting
ttl=0.5
[routing:primary]
bind_address=127.0.0.1
bind_port=${port}
destinations=metadata-cache://texting/?role=PRIMARY
routing_strategy=first-available
protocol=classic
client_ssl_mode=PASSTHROUGH
server_ssl_mode=AS_CLIENT
`;

/** The router reads the password of its account from a file of its own kind. */
async function keepPassword(
  { command, args }: RouterProgram,
  { folder, password }: { folder: string; password: string },
): Promise<void> {
  const keyring = args.map((arg) => arg.replace(/\/mysqlrouter$/, '/mysqlrouter_keyring'));
  const master = `--master-key-file=${folder}/master`;
  for (const words of [
    ['init', master, `${folder}/keyring`],
    ['set', master, `${folder}/keyring`, 'texting', 'password', password],
  ]) {
    const { ok, output } = await runProgram(command, [...keyring, ...words]);
    if (!ok) throw new Error(`the router’s keyring could not be made: ${output}`);
  }
}

/**
 * What MySQL Shell writes into a group for routers, as far as a router asks for it: the group’s name and its members. Who of them is
 * there and primary it asks the members themselves.
 */
export async function describeGroup(group: Group): Promise<void> {
  const primary = await group.primary();
  if (primary === undefined) throw new Error('a group that is described has a primary');
  const ids = await Promise.all(group.members.map((member) => idAt(group.urlOf(member))));
  const db = openDb(group.urlOf(primary), { size: 1 });
  try {
    for (const statement of DESCRIPTION) await db.raw(statement);
    await db.raw(`INSERT INTO ${SCHEMA}.v2_gr_clusters VALUES (?, 'texting', ?)`, [CLUSTER, GROUP_NAME]);
    for (const [at, { name, host, port }] of group.members.entries())
      await db.raw(`INSERT INTO ${SCHEMA}.v2_instances VALUES (?, ?, ?, ?, ?, NULL, '{}', ?)`, [
        ...[1 + at, CLUSTER, ids[at] ?? '', `${host}:${port}`, `${host}:${port}`],
        name,
      ]);
  } finally {
    await db.destroy();
  }
}

const SCHEMA = 'mysql_innodb_cluster_metadata';
const CLUSTER = 'a0c7a2ce-5f6d-4d7a-8a53-5b1f4f9f0c11';
/** By what MySQL Router 9.7 reads of version 2.3 of this schema. */
const DESCRIPTION = [
  `CREATE DATABASE ${SCHEMA}`,
  `CREATE TABLE ${SCHEMA}.schema_version (major INT PRIMARY KEY, minor INT NOT NULL, patch INT NOT NULL)`,
  `INSERT INTO ${SCHEMA}.schema_version VALUES (2, 3, 0)`,
  `CREATE TABLE ${SCHEMA}.v2_gr_clusters (cluster_id CHAR(36) PRIMARY KEY, cluster_name VARCHAR(63), group_name CHAR(36))`,
  `CREATE TABLE ${SCHEMA}.v2_instances (instance_id INT PRIMARY KEY, cluster_id CHAR(36), mysql_server_uuid CHAR(36),
     address VARCHAR(265), endpoint VARCHAR(265), xendpoint VARCHAR(265), attributes JSON, label VARCHAR(265))`,
  `CREATE TABLE ${SCHEMA}.v2_cs_members (cluster_id CHAR(36) PRIMARY KEY, clusterset_id CHAR(36), member_role VARCHAR(16),
     invalidated TINYINT)`,
  `CREATE TABLE ${SCHEMA}.clusters (cluster_id CHAR(36) PRIMARY KEY, router_options JSON)`,
  `CREATE TABLE ${SCHEMA}.clustersets (clusterset_id CHAR(36) PRIMARY KEY, router_options JSON)`,
  `CREATE TABLE ${SCHEMA}.routing_guidelines (guideline_id CHAR(36) PRIMARY KEY, guideline JSON)`,
  `CREATE TABLE ${SCHEMA}.v2_router_options (router_id INT PRIMARY KEY, cluster_id CHAR(36), clusterset_id CHAR(36),
     router_options JSON)`,
  `INSERT INTO ${SCHEMA}.v2_router_options VALUES (1, '${CLUSTER}', NULL, '{}')`,
  `CREATE TABLE ${SCHEMA}.v2_routers (router_id INT PRIMARY KEY, address VARCHAR(265), router_name VARCHAR(265), version VARCHAR(31),
     last_check_in TIMESTAMP NULL, attributes JSON, options JSON)`,
  `INSERT INTO ${SCHEMA}.v2_routers VALUES (1, 'texting', 'texting', NULL, NULL, '{}', '{}')`,
  `CREATE VIEW ${SCHEMA}.v2_this_instance AS SELECT cluster_id, 'gr' AS cluster_type, cluster_name FROM ${SCHEMA}.v2_gr_clusters`,
];

async function idAt(url: string): Promise<string | undefined> {
  const db = openDb(url, { size: 1 });
  try {
    return (await row<{ id: string }>(db, 'SELECT @@server_uuid AS id'))?.id;
  } finally {
    await db.destroy();
  }
}
