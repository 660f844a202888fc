import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Program } from './database.ts';
import { type Find, type Outcome, runProgram } from './find.ts';

/**
 * MySQL for Debian, which has it in its unstable suite alone: apt fetches and verifies it with all libraries that it
 * needs, and they are unpacked into a folder of the user's. Nothing is installed, so neither MariaDB nor the libraries of
 * the system are in the way, and nobody needs to be root.
 */
export function unpackWay(find: Find): (() => Promise<Outcome>) | undefined {
  const programs = ['apt-get', 'dpkg-deb'].every(find);
  if (!programs || !existsSync(KEYRING)) return undefined;
  return () => runProgram('/bin/sh', ['-c', SCRIPT, 'unpack', home()], { seconds: 600 });
}

/** The server that was unpacked. Its own loader starts it, because the system's knows older libraries. */
export function findUnpacked(): Program | undefined {
  const usr = path.join(home(), 'usr');
  const libraries = listed(path.join(usr, 'lib')).find((folder) => folder.endsWith('-linux-gnu'));
  if (libraries === undefined) return undefined;
  const folder = path.join(usr, 'lib', libraries);
  const loader = listed(folder).find((file) => /^ld-linux-.*\.so\.\d$/.test(file));
  if (loader === undefined) return undefined;
  const share = path.join(usr, 'share', 'mysql');
  return {
    command: path.join(folder, loader),
    args: ['--library-path', folder, path.join(usr, 'sbin', 'mysqld')],
    settings: [`--lc-messages-dir=${share}`, `--character-sets-dir=${path.join(share, 'charsets')}`],
  };
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const home = (): string =>
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'group-texting-mysql');
const listed = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** An apt of its own that believes nothing to be installed, so that it fetches every library too. */
const SCRIPT = `
set -e
home=$1; half=$1.half-made
rm -rf "$half"; mkdir -p "$half/apt/lists/partial" "$half/apt/archives/partial"
: > "$half/apt/status"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/$' || echo http://deb.debian.org/debian)
echo "deb [signed-by=${KEYRING}] $mirror sid main" > "$half/apt/sources.list"
own() {
  apt-get -q -o Dir::State="$half/apt" -o Dir::State::status="$half/apt/status" -o Dir::Cache="$half/apt" \\
    -o Dir::Etc::SourceList="$half/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \\
    -o APT::Sandbox::User= -o Acquire::Languages=none "$@"
}
own update
own -y --no-install-recommends --download-only install mysql-server-core
mkdir "$half/system"
for package in "$half"/apt/archives/*.deb; do dpkg-deb --extract "$package" "$half/system"; done
rm -rf "$home"
mv "$half/system" "$home"
rm -rf "$half"
`;
