import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './find.ts';
import type { Guard } from './guard.ts';
import { pingMysql } from './ping.ts';
import type { ServerPlan } from './server.ts';
import type { Address } from './state.ts';

export type MariadbPrograms = { mariadbd: string; installer: string };

export const mysqlUrl = ({ port, password }: Address): string =>
  `mysql://texting:${password}@127.0.0.1:${port}/texting`;

/** A private MariaDB on loopback, with a database and a user of its own, from a program of this machine. */
export function planMariadb(
  programs: MariadbPrograms,
  { folder, address, durable }: { folder: string; address: Address; durable: boolean },
): ServerPlan {
  const welcome = path.join(folder, 'mariadb-start.sql');
  writeFileSync(welcome, statements(address.password), { mode: 0o600 });
  return {
    name: 'MariaDB',
    command: programs.mariadbd,
    args: [
      ...base(folder),
      // Before it listens, so that whoever can log in finds everything in place.
      `--init-file=${welcome}`,
      '--bind-address=127.0.0.1',
      `--port=${address.port}`,
      // An empty name: no socket, whose path could be too long.
      '--socket=',
      `--pid-file=${path.join(folder, 'mariadb.pid')}`,
      '--skip-name-resolve',
      '--default-time-zone=+00:00',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_520_ci',
      '--max-connections=200',
      '--max-allowed-packet=64M',
      '--innodb-buffer-pool-size=256M',
      `--innodb-flush-log-at-trx-commit=${durable ? 1 : 2}`,
    ],
    folder,
    log: path.join(folder, 'mariadb.log'),
    ping: () => pingMysql(mysqlUrl(address)),
  };
}

/** Makes the data folder unless it is there. It gets its name when it is whole: a half-made one never counts. */
export async function makeDataFolder({ installer }: MariadbPrograms, folder: string, guard: Guard): Promise<void> {
  const whole = path.join(folder, 'mariadb');
  const half = path.join(folder, 'mariadb.half-made');
  if (existsSync(whole)) return;
  rmSync(half, { recursive: true, force: true });
  const { ok, output } = await runProgram(installer, [...base(folder, half), '--skip-test-db'], { guard });
  if (!ok) throw new Error(`${installer} could not make the data folder ${half}:\n${end(output)}`);
  renameSync(half, whole);
}

/** What the server and the making of its data folder must agree on. */
const base = (folder: string, data = path.join(folder, 'mariadb')): string[] => [
  '--no-defaults',
  // Without it, MariaDB refuses to run as root; nobody else may choose.
  ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  `--datadir=${data}`,
  // Not the system's: every MariaDB that starts removes the temporary tables that it finds in its own.
  `--tmpdir=${temporary(folder)}`,
  '--innodb-log-file-size=48M',
];

function temporary(folder: string): string {
  const place = path.join(folder, 'mariadb.tmp');
  mkdirSync(place, { recursive: true });
  return place;
}

/** One a line: MariaDB reads them so. The password is ours and holds no quotes. */
const statements = (password: string): string =>
  [
    'CREATE DATABASE IF NOT EXISTS texting CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;',
    `CREATE USER IF NOT EXISTS 'texting'@'127.0.0.1' IDENTIFIED BY '${password}';`,
    `ALTER USER 'texting'@'127.0.0.1' IDENTIFIED BY '${password}';`,
    "GRANT ALL PRIVILEGES ON *.* TO 'texting'@'127.0.0.1';",
    '',
  ].join('\n');

const end = (output: string): string => output.split('\n').slice(-12).join('\n');
