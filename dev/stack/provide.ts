import type { DatabasePrograms, Program } from './database.ts';
import { findDocker } from './docker.ts';
import { type Find, runProgram } from './find.ts';
import { installServers, packages } from './install.ts';
import type { ServerName } from './state.ts';
import { findUnpacked } from './unpack.ts';

/** Where the servers come from: programs of this machine, or Docker. */
export type Provided = { mariadb?: DatabasePrograms; mysql?: DatabasePrograms; redis?: string; docker?: string };

type Machine = { find: Find; onProgress: (step: string) => void };

/**
 * Finds the servers that are needed: on this machine, else installed now, else through Docker.
 * Throws one message that names the ways out.
 */
export async function provideServers(needed: ServerName[], machine: Machine): Promise<Provided> {
  const { find } = machine;
  const theirs = needed.includes('mysql') ? await realMysql(find) : undefined;
  const look = (): Provided => ({ ...lookFor(find), ...mysqlOf(theirs ?? findUnpacked()) });
  const here = look();
  const missing = needed.filter((name) => here[name] === undefined);
  if (missing.length === 0) return here;

  const isHere = (name: ServerName) => look()[name] !== undefined;
  const complaint = await installServers(missing, { ...machine, isHere });
  const now = { ...look(), ...mysqlOf(needed.includes('mysql') ? await realMysql(find) : undefined) };
  const still = needed.filter((name) => now[name] === undefined);
  if (still.length === 0) return now;

  const docker = await findDocker(find);
  if (docker !== undefined) return { ...now, docker };
  throw new Error(advice(still, find('docker') !== undefined, complaint));
}

function lookFor(find: Find): Provided {
  const mariadbd = find('mariadbd');
  const installer = find('mariadb-install-db');
  const redis = find('redis-server');
  return {
    ...(mariadbd !== undefined &&
      installer !== undefined && { mariadb: { server: plain(mariadbd), installer: plain(installer) } }),
    ...(redis !== undefined && { redis }),
  };
}

/** The system's `mysqld`, unless it is MariaDB by its old name. */
async function realMysql(find: Find): Promise<Program | undefined> {
  const mysqld = find('mysqld');
  if (mysqld === undefined) return undefined;
  const { ok, output } = await runProgram(mysqld, ['--no-defaults', '--version'], { seconds: 10 });
  return ok && !output.includes('MariaDB') ? plain(mysqld) : undefined;
}

/** MySQL's server makes its data folder itself. */
function mysqlOf(program: Program | undefined): Provided {
  return program === undefined ? {} : { mysql: { server: program, installer: program } };
}

const plain = (command: string): Program => ({ command, args: [], settings: [] });

function advice(missing: ServerName[], hasDocker: boolean, complaint: string | undefined): string {
  const names = missing.map((name) => packages[name].name).join(' and ');
  const apt = missing.flatMap((name) => packages[name].apt).join(' ');
  const brew = missing.map((name) => packages[name].brew).join(' ');
  const settings = missing.map((name) => packages[name].setting).join(' ');
  return [
    `${names} not found on this machine, and not installable without a question. Do one of these, then run the same command again:`,
    `  1. Install: sudo apt-get install ${apt}   (on a Mac: brew install ${brew})`,
    `  2. Start Docker${hasDocker ? ' (it is installed, but its engine does not answer)' : ''}.`,
    `  3. Name servers that run already: ${settings}`,
    ...(complaint === undefined ? [] : ['', complaint]),
  ].join('\n');
}
