import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';

/** True where this user may give a folder a disk of its own. */
export function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/** Gives a folder a small disk in memory; answers how to take it away. Needs root. */
export function mountSmallDisk(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  run('mount', ['-t', 'tmpfs', '-o', 'size=1g', 'tmpfs', folder]);
  return () => run('umount', [folder]);
}

function run(program: string, args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr.trim()}`);
}

const PIECE = Buffer.alloc(64 * 1024, 1);

/** Lets a file grow until its disk has not a byte left. */
export function fillWith(file: string): void {
  const disk = openSync(file, 'a');
  try {
    for (let size = PIECE.length; size >= 1; size = Math.floor(size / 4)) fillBy(disk, size);
  } finally {
    closeSync(disk);
  }
}

/** Writes pieces of this size until no more fits. */
function fillBy(disk: number, size: number): void {
  try {
    for (;;) writeSync(disk, PIECE, 0, size);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
