import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './find.ts';
import type { Guard } from './guard.ts';
import { pingMysql } from './ping.ts';
import type { ServerPlan } from './server.ts';
import type { Address, DatabaseName } from './state.ts';

/** `args` come before all others, `settings` among those of the server. */
export type Program = { command: string; args: readonly string[]; settings: readonly string[] };
export type DatabasePrograms = { server: Program; installer: Program };
type Kind = {
  name: string;
  install: readonly string[];
  both: readonly string[];
  serve: readonly string[];
  /** Of a server that is thrown away, whose data need not survive the machine. */
  throwAway: readonly string[];
};

export const mysqlUrl = ({ host = LOOPBACK, port, password }: Address): string =>
  `mysql://texting:${password}@${host}:${port}/texting`;
const LOOPBACK = '127.0.0.1';

/** A private MariaDB or MySQL, with a database and a user of its own, from a program of this machine. */
export function planDatabase(
  kind: DatabaseName,
  { server }: DatabasePrograms,
  { folder, address, durable }: { folder: string; address: Address; durable: boolean },
): ServerPlan {
  const welcome = path.join(folder, `${kind}-start.sql`);
  writeFileSync(welcome, statements(address), { mode: 0o600 });
  return {
    name: kinds[kind].name,
    command: server.command,
    args: [
      ...server.args,
      ...base(kind, folder),
      ...server.settings,
      ...kinds[kind].serve,
      ...(durable ? [] : kinds[kind].throwAway),
      // Before it listens, so that everything is in place for the first who logs in.
      `--init-file=${welcome}`,
      `--bind-address=${address.host ?? LOOPBACK}`,
      `--port=${address.port}`,
      `--pid-file=${path.join(folder, `${kind}.pid`)}`,
      '--skip-name-resolve',
      ...databaseSettings(durable),
    ],
    folder,
    log: path.join(folder, `${kind}.log`),
    ping: () => pingMysql(mysqlUrl(address)),
  };
}

/** Makes the data folder unless it is there. It gets its name when it is whole: a half-made one never counts. */
export async function makeDataFolder(
  kind: DatabaseName,
  { installer }: DatabasePrograms,
  { folder, guard }: { folder: string; guard: Guard },
): Promise<void> {
  const whole = path.join(folder, kind);
  const half = path.join(folder, `${kind}.half-made`);
  if (existsSync(whole)) return;
  rmSync(half, { recursive: true, force: true });
  const args = [...installer.args, ...base(kind, folder, half), ...installer.settings, ...kinds[kind].install];
  const { ok, output } = await runProgram(installer.command, args, { guard });
  if (!ok) throw new Error(`${installer.command} could not make the data folder ${half}:\n${end(output)}`);
  renameSync(half, whole);
}

/** What both servers understand, in a container as well. */
export const databaseSettings = (durable: boolean): string[] => [
  '--default-time-zone=+00:00',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_520_ci',
  '--max-connections=200',
  '--max-allowed-packet=64M',
  '--innodb-buffer-pool-size=256M',
  `--innodb-flush-log-at-trx-commit=${durable ? 1 : 2}`,
];

const kinds: Record<DatabaseName, Kind> = {
  mariadb: {
    name: 'MariaDB',
    install: ['--skip-test-db'],
    both: ['--innodb-log-file-size=48M'],
    // An empty name: no socket, whose path could be too long.
    serve: ['--socket='],
    throwAway: [],
  },
  mysql: {
    name: 'MySQL',
    install: ['--initialize-insecure'],
    both: ['--innodb-redo-log-capacity=48M', '--secure-file-priv='],
    serve: ['--socket=mysql.sock', '--mysqlx=OFF', '--skip-log-bin', '--performance-schema=OFF'],
    // Each table that is made waits for the disk several times.
    throwAway: ['--innodb-flush-method=nosync', '--innodb-doublewrite=OFF'],
  },
};

/** What the server and the making of its data folder must agree on. */
const base = (kind: DatabaseName, folder: string, data = path.join(folder, kind)): string[] => [
  '--no-defaults',
  // Without it, both refuse to run as root; nobody else may choose.
  ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  `--datadir=${data}`,
  // Not the system's: every MariaDB that starts removes the temporary tables that it finds in its own.
  `--tmpdir=${temporary(kind, folder)}`,
  ...kinds[kind].both,
];

function temporary(kind: DatabaseName, folder: string): string {
  const place = path.join(folder, `${kind}.tmp`);
  mkdirSync(place, { recursive: true });
  return place;
}

/** One a line: the servers read them so. The password is ours and holds no quotes. */
function statements({ host, password }: Address): string {
  const account = `'texting'@'${host === undefined ? LOOPBACK : '%'}'`;
  return [
    // A server and its replica make these each for itself.
    'SET SESSION sql_log_bin = 0;',
    'CREATE DATABASE IF NOT EXISTS texting CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;',
    `CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}';`,
    `ALTER USER ${account} IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${account} WITH GRANT OPTION;`,
    '',
  ].join('\n');
}

const end = (output: string): string => output.split('\n').slice(-12).join('\n');
