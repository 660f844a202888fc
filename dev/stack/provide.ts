import { findDocker } from './docker.ts';
import type { Find } from './find.ts';
import { installServers, packages } from './install.ts';
import type { MariadbPrograms } from './mariadb.ts';
import type { ServerName } from './state.ts';

/** Where the servers come from: programs of this machine, or Docker. */
export type Provided = { mariadb?: MariadbPrograms; redis?: string; docker?: string };

type Machine = { find: Find; onProgress: (step: string) => void };

/**
 * Finds the servers that are needed: on this machine, else installed now, else through Docker.
 * Throws one message that names the ways out.
 */
export async function provideServers(needed: ServerName[], machine: Machine): Promise<Provided> {
  const here = look(machine.find);
  const missing = needed.filter((name) => here[name] === undefined);
  if (missing.length === 0) return here;

  const complaint = await installServers(missing, machine);
  const now = look(machine.find);
  const still = needed.filter((name) => now[name] === undefined);
  if (still.length === 0) return now;

  const docker = await findDocker(machine.find);
  if (docker !== undefined) return { ...now, docker };
  throw new Error(advice(still, machine.find('docker') !== undefined, complaint));
}

function look(find: Find): Provided {
  const mariadbd = find('mariadbd');
  const installer = find('mariadb-install-db');
  const redis = find('redis-server');
  return {
    ...(mariadbd !== undefined && installer !== undefined && { mariadb: { mariadbd, installer } }),
    ...(redis !== undefined && { redis }),
  };
}

function advice(missing: ServerName[], hasDocker: boolean, complaint: string | undefined): string {
  const names = missing.map((name) => packages[name].name).join(' and ');
  const apt = missing.flatMap((name) => packages[name].apt).join(' ');
  const brew = missing.map((name) => packages[name].brew).join(' ');
  const urls = missing
    .map((name) =>
      name === 'mariadb' ? 'MYSQL_URL=mysql://USER:PASSWORD@HOST:3306/texting' : 'REDIS_URL=redis://HOST:6379',
    )
    .join(' ');
  return [
    `${names} not found on this machine, and not installable without a question. Do one of these, then run the same command again:`,
    `  1. Install: sudo apt-get install ${apt}   (on a Mac: brew install ${brew})`,
    `  2. Start Docker${hasDocker ? ' (it is installed, but its engine does not answer)' : ''}.`,
    `  3. Name servers that run already: ${urls}`,
    ...(complaint === undefined ? [] : ['', complaint]),
  ].join('\n');
}
