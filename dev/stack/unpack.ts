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
export function unpackWay(find: Find, what: Unpacked = 'mysql-server-core'): (() => Promise<Outcome>) | undefined {
  const programs = ['apt-get', 'dpkg-deb'].every(find);
  if (!programs || !existsSync(KEYRING)) return undefined;
  return () => runProgram('/bin/sh', ['-c', SCRIPT, 'unpack', home(what), what], { seconds: 600 });
}

/** What Debian calls it. */
type Unpacked = 'mysql-server-core' | 'mysql-router';

/** The server that was unpacked. */
export function findUnpacked(): Program | undefined {
  const usr = path.join(home('mysql-server-core'), 'usr');
  const started = withLoader(usr, { program: 'sbin/mysqld', libraries: [] });
  const share = path.join(usr, 'share', 'mysql');
  return (
    started && {
      ...started,
      settings: [
        `--lc-messages-dir=${share}`,
        `--character-sets-dir=${path.join(share, 'charsets')}`,
        `--plugin-dir=${path.join(usr, 'lib', 'mysql', 'plugin')}`,
      ],
    }
  );
}

/** The router that was unpacked, and the folder of its plugins. */
export function findUnpackedRouter(): (Pick<Program, 'command' | 'args'> & { plugins: string }) | undefined {
  const usr = path.join(home('mysql-router'), 'usr');
  const started = withLoader(usr, { program: 'bin/mysqlrouter', libraries: ['mysql-router'] });
  return started && { ...started, plugins: path.join(usr, 'lib', 'mysqlrouter', 'plugin') };
}

/** Its own loader starts a program, because the system's knows older libraries. */
function withLoader(
  usr: string,
  { program, libraries }: { program: string; libraries: readonly string[] },
): Pick<Program, 'command' | 'args'> | undefined {
  const lib = path.join(usr, 'lib');
  const common = listed(lib).find((folder) => folder.endsWith('-linux-gnu'));
  if (common === undefined) return undefined;
  const loader = listed(path.join(lib, common)).find((file) => /^ld-linux-.*\.so\.\d$/.test(file));
  if (loader === undefined) return undefined;
  const folders = [common, ...libraries].map((folder) => path.join(lib, folder));
  return {
    command: path.join(lib, common, loader),
    args: ['--library-path', folders.join(':'), path.join(usr, program)],
  };
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const FOLDERS: Readonly<Record<Unpacked, string>> = {
  'mysql-server-core': 'group-texting-mysql',
  'mysql-router': 'group-texting-mysql-router',
};
const home = (what: Unpacked): string =>
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), FOLDERS[what]);
const listed = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** An apt of its own that believes nothing to be installed, so that it fetches every library too. */
const SCRIPT = `
set -e
home=$1; half=$1.half-made; what=$2
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
own -y --no-install-recommends --download-only install "$what"
mkdir "$half/system"
for package in "$half"/apt/archives/*.deb; do dpkg-deb --extract "$package" "$half/system"; done
rm -rf "$home"
mv "$half/system" "$home"
rm -rf "$half"
`;
