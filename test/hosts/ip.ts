import { spawnSync } from 'node:child_process';
import type { Commands } from './plan.ts';

/** Throws what went wrong. */
export function must(commands: Commands): void {
  const wrong = ip(commands);
  if (wrong !== null) throw new Error(`ip: ${wrong}`);
}

/** Runs commands of `ip`, in a namespace; returns what went wrong, or null. */
export function ip({ space, lines }: Commands): string | null {
  const args = [...(space === undefined ? [] : ['-n', space]), '-batch', '-'];
  const { status, stderr, error } = spawnSync('ip', args, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? null : stderr.trim().split('\n').join('; ');
}
