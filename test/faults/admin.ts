import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Fixture } from './fixture.ts';

/** Runs a command as an operator of this system does; returns its lines. Throws where it does not end with 0. */
export async function runAdmin(
  { folder, env, mysqlUrl }: Pick<Fixture, 'folder' | 'env' | 'mysqlUrl'>,
  words: readonly string[],
): Promise<string[]> {
  const cwd = path.join(folder, 'program');
  const child = spawn(process.execPath, ['dist/workers/admin.js', ...words], {
    cwd,
    env: { ...env, MYSQL_URL: mysqlUrl, OPERATOR: 'faults' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece) => (out += piece));
  child.stderr.on('data', (piece) => (err += piece));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`admin ${words.join(' ')} ended with ${code}: ${err.trim()}`);
  return out.trim().split('\n');
}
