import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { openDb, run } from '../../db/connect.ts';
import { withTimeLimit } from '../../engine/platform/time-limit.ts';
import type { Dump } from './dump.ts';
import type { Fixture } from './fixture.ts';
import { doStep } from './steps.ts';

/**
 * Starts a process of each type on the backup, put back as one of an hour ago into a database of its own, before anybody has said
 * that it is one. Throws where one of them does not refuse to work, in one line.
 */
export async function startTooEarly(fixture: Fixture, dump: Dump): Promise<void> {
  const { db, mysqlUrl } = fixture;
  const url = new URL(mysqlUrl);
  url.pathname += '_early';
  const name = url.pathname.slice(1);
  await doStep(() => run(db, `CREATE DATABASE IF NOT EXISTS \`${name}\``));
  const early = openDb(url.href, { size: 1 });
  try {
    await dump.restore(url.href);
    for (const [table, column] of times)
      await doStep(() => run(early, `UPDATE ${table} SET ${column} = ${column} - INTERVAL 1 HOUR`));
    await Promise.all(programs.map((words) => refuses(fixture, { words, mysqlUrl: url.href })));
  } finally {
    await early.destroy();
    await doStep(() => run(db, `DROP DATABASE IF EXISTS \`${name}\``));
  }
}

/** What tells how far the database knows. */
const times = [
  ['system_names', 'alive_at'],
  ['messages', 'accepted_at'],
  ['inbound_texts', 'received_at'],
  ['deliveries', 'sent_at'],
] as const;
const programs = [
  ['dist/api/main.js'],
  ...['fanout', 'sender', 'clock'].map((type) => ['dist/workers/main.js', type]),
] as const;

async function refuses(
  { folder, env }: Fixture,
  { words, mysqlUrl }: { words: readonly string[]; mysqlUrl: string },
): Promise<void> {
  const child = spawn(process.execPath, [...words], {
    cwd: path.join(folder, 'program'),
    env: { ...env, MYSQL_URL: mysqlUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const code = await withTimeLimit(REFUSES_WITHIN_MS, ended, () => 'no end');
  if (code === 'no end') child.kill('SIGKILL');
  const lines = said.split('\n').filter((line) => line.includes('admin database restored'));
  if (code !== 1 || lines.length !== 1)
    throw new Error(`${words.join(' ')} started on a backup of which nobody had said so: ${code}, ${said.trim()}`);
}

/** On a busy machine. */
const REFUSES_WITHIN_MS = 30_000;
