import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { build } from '../../dev/build.mjs';
import { installPackages } from '../../dev/install.mjs';
import { type ProcessType, readProcfile } from '../../dev/system/procfile.ts';

/** An earlier release, built: the lines of its Procfile, to be run from anywhere. */
export type Previous = { commit: string; release: string; command(type: string): string };

/**
 * Builds an earlier release in a folder of its own. Without a name it is the newest tag, or
 * where there is none the commit before the newest migration.
 */
export async function buildPrevious(
  root: string,
  { ref, folder }: { ref: string | undefined; folder: string },
): Promise<Previous> {
  const commit = git(root, 'rev-parse', '--short', `${ref ?? lastRelease(root)}^{commit}`);
  mkdirSync(folder, { recursive: true });
  const archive = path.join(folder, 'release.tar');
  git(root, 'archive', `--output=${archive}`, commit);
  const unpacked = spawnSync('tar', ['-xf', archive, '-C', folder], { encoding: 'utf8' });
  if (unpacked.status !== 0) throw new Error(`tar could not unpack ${commit}: ${unpacked.stderr}`);
  await givePackages(root, folder);
  await build(folder, SILENT);
  const { release, processes } = readProcfile(path.join(folder, 'Procfile'));
  if (release === undefined) throw new Error(`the Procfile of ${commit} has no release line`);
  return {
    commit,
    release: runIn(folder, release),
    command(type) {
      const line = processes.find(({ name }: ProcessType) => name === type);
      if (line === undefined) throw new Error(`the Procfile of ${commit} has no ${type}`);
      return runIn(folder, line.command);
    },
  };
}

/** Those of this release where it has the same ones, else its own. */
async function givePackages(root: string, folder: string): Promise<void> {
  const [ours, theirs] = [root, folder].map((of) => readFileSync(path.join(of, 'package-lock.json'), 'utf8'));
  if (ours !== theirs) await installPackages(folder, SILENT);
  else if (!existsSync(path.join(folder, 'node_modules')))
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
}

const SILENT = { begin() {}, end() {}, fail() {}, drop() {}, clear() {} };

function lastRelease(root: string): string {
  const tag = spawnSync('git', ['describe', '--tags', '--abbrev=0'], { cwd: root, encoding: 'utf8' });
  if (tag.status === 0) return tag.stdout.trim();
  const newest = git(root, 'log', '-1', '--diff-filter=A', '--format=%H', '--', 'db/migrations/0*.ts');
  return `${newest}^`;
}

/** A command line for a shell that `exec`s it. */
function runIn(folder: string, command: string): string {
  return `/bin/sh -c 'cd "${folder}" && exec ${command}'`;
}

function git(root: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout.trim();
}
