import { lockFile, waitForLock } from '../lock.mjs';
import { type Find, type Outcome, runProgram } from './find.ts';
import type { ServerName } from './state.ts';
import { unpackWay } from './unpack.ts';

/** What is installed where it is missing: servers, the browser that looks at our pages, and what backs MariaDB up. */
export type Installed = ServerName | 'chromium' | 'dump';

/** The programs that each consists of, and what the package managers call them. */
export const packages: Record<Installed, { name: string; apt: string[]; brew: string; setting: string }> = {
  mariadb: {
    name: 'MariaDB',
    apt: ['mariadb-server-core', 'mariadb-client-core'],
    brew: 'mariadb',
    setting: 'MYSQL_URL=mysql://USER:PASSWORD@HOST:3306/texting',
  },
  mysql: {
    name: 'MySQL',
    apt: ['mysql-server-core'],
    // The newest formula would be in the way of MariaDB's.
    brew: 'mysql@8.4',
    setting: 'TEST_MYSQL_URL=mysql://USER:PASSWORD@HOST:3306/',
  },
  redis: {
    name: 'Redis',
    apt: ['redis-server'],
    brew: 'redis',
    setting: 'REDIS_URL=redis://HOST:6379',
  },
  chromium: {
    name: 'Chromium',
    apt: ['chromium'],
    brew: 'chromium',
    setting: 'CHROMIUM=/path/to/chromium',
  },
  dump: {
    name: 'mariadb-dump',
    apt: ['mariadb-client'],
    brew: 'mariadb',
    setting: 'MARIADB_DUMP=/path/to/mariadb-dump',
  },
};

export type Installation<Name extends Installed> = {
  find: Find;
  onProgress: (step: string) => void;
  isHere: (name: Name) => boolean;
};

/**
 * Installs the servers with the system's package manager, where that works without a question. Returns what
 * the package manager said if it failed; undefined when it worked, or when there is none to ask.
 */
export async function installServers<Name extends Installed>(
  missing: Name[],
  installation: Installation<Name>,
): Promise<string | undefined> {
  const way = (await aptWay(missing, installation.find)) ?? brewWay(missing, installation.find);
  if (way === undefined) return undefined;
  // Two package managers at the same time get in each other's way: one after the other, machine-wide.
  const release = await waitForLock(lockFile('servers', '/'), (holder) =>
    installation.onProgress(`Waiting for process ${holder}, which is installing servers`),
  );
  try {
    // The one that was first may have installed them for us.
    if (missing.every(installation.isHere)) return undefined;
    installation.onProgress(`Installing ${missing.map((name) => packages[name].name).join(' and ')} (${way.manager})`);
    const { ok, output } = await way.run();
    return ok ? undefined : `${way.manager} said:\n${output.split('\n').slice(-8).join('\n')}`;
  } finally {
    release();
  }
}

type Way = { manager: string; run: () => Promise<Outcome> };

async function aptWay(missing: readonly Installed[], find: Find): Promise<Way | undefined> {
  const apt = find('apt-get');
  if (apt === undefined) return undefined;
  if (missing.includes('mysql')) return unpackingWay(missing, find);
  const script = aptScript(apt, missing);
  if (process.getuid?.() === 0) return { manager: 'apt-get', run: () => runProgram('/bin/sh', ['-c', script]) };
  const sudo = find('sudo');
  if (sudo === undefined || !(await runProgram(sudo, ['-n', 'true'], { seconds: 10 })).ok) return undefined;
  return { manager: 'apt-get', run: () => runProgram(sudo, ['-n', '/bin/sh', '-c', script]) };
}

/** MySQL is unpacked, because its packages and those of MariaDB exclude each other. */
async function unpackingWay(missing: readonly Installed[], find: Find): Promise<Way | undefined> {
  const others = missing.filter((name) => name !== 'mysql');
  const before = others.length === 0 ? undefined : await aptWay(others, find);
  const unpack = unpackWay(find);
  if (unpack === undefined || (others.length > 0 && before === undefined)) return undefined;
  return {
    manager: 'apt-get',
    async run() {
      const installed = await before?.run();
      return installed?.ok === false ? installed : unpack();
    },
  };
}

/**
 * Debian asks `policy-rc.d` whether a newly installed service may start: here none may, now or after the next
 * boot. Older releases put the version into the name of the package. A failed update is no reason to stop.
 */
const aptScript = (apt: string, missing: readonly Installed[]): string => `
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\\nexit 101\\n' > $policy && chmod 755 $policy
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
fi
wait='-o DPkg::Lock::Timeout=300'
'${apt}' -q $wait update
packages=
for package in ${missing.flatMap((name) => packages[name].apt).join(' ')}; do
  if ! apt-cache show $package > /dev/null 2>&1; then
    package=$(apt-cache search --names-only "^$package-[0-9.]+$" | cut -d' ' -f1 | sort -V | tail -n 1)
  fi
  packages="$packages $package"
done
'${apt}' -q -y $wait install --no-install-recommends $packages || exit 1
${missing.includes('redis') ? '[ ! -d /run/systemd/system ] || systemctl disable --quiet redis-server' : ''}
exit 0
`;

/** Homebrew never asks, and refuses to run as root. */
function brewWay(missing: readonly Installed[], find: Find): Way | undefined {
  const brew = find('brew');
  if (brew === undefined || process.getuid?.() === 0) return undefined;
  const args = ['install', ...missing.map((name) => packages[name].brew)];
  return { manager: 'brew', run: () => runProgram(brew, args, { env: { ...process.env, NONINTERACTIVE: '1' } }) };
}
