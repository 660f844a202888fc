import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { findProgram } from '../../dev/stack/find.ts';
import { provideProgram } from '../../dev/stack/program.ts';
import type { Fixture } from './fixture.ts';

/** A backup as an operator makes it and puts it back: docs/operating/backup.md; `to`: into another database. */
export type Dump = { restore(to?: string): Promise<void> };

export async function takeDump({ mysqlUrl }: Pick<Fixture, 'mysqlUrl'>, file: string): Promise<Dump> {
  const names = ['mariadb-dump'];
  const dump = await provideProgram('dump', { named: process.env.MARIADB_DUMP, names, onProgress: () => {} });
  await run(dump, [...SNAPSHOT, ...at(mysqlUrl)], { mysqlUrl, file, how: 'w' });
  const client = findProgram('mariadb') ?? 'mariadb';
  return { restore: (to = mysqlUrl) => run(client, at(to), { mysqlUrl: to, file, how: 'r' }) };
}

/** One moment for all tables, while people write. */
const SNAPSHOT = ['--no-defaults', '--single-transaction', '--quick', '--skip-lock-tables'];

function at(mysqlUrl: string): string[] {
  const { hostname, port, username, pathname } = new URL(mysqlUrl);
  return ['--protocol=tcp', `--host=${hostname}`, `--port=${port}`, `--user=${username}`, pathname.slice(1)];
}

async function run(
  program: string,
  args: readonly string[],
  { mysqlUrl, file, how }: { mysqlUrl: string; file: string; how: 'r' | 'w' },
): Promise<void> {
  const handle = openSync(file, how);
  try {
    const child = spawn(program, args, {
      env: { ...process.env, MYSQL_PWD: new URL(mysqlUrl).password },
      stdio: [how === 'r' ? handle : 'ignore', how === 'w' ? handle : 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr?.on('data', (piece) => (err += piece));
    const code = await new Promise((resolve) => {
      child.once('error', ({ message }) => resolve(message));
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${err.trim()}`);
  } finally {
    closeSync(handle);
  }
}
