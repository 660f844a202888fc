import { DatabaseUnavailable, type Db, TlsFailed } from '../../../db/connect.ts';
import { isCurrent } from '../../../db/migrate.ts';
import { readServerFacts, type ServerFacts } from '../../../db/server-facts.ts';
import { whyRefused } from '../../platform/refusals.ts';
import { examineDisk } from './disk.ts';
import { type Finding, type Found, fault, warning } from './finding.ts';

/** MySQL, its schema, and its clock against ours. Nothing else of the database can be looked at where `isThere` is false. */
export async function examineMysql(db: Db): Promise<{ findings: Finding[]; isThere: boolean }> {
  let facts: ServerFacts;
  const askedAt = Date.now();
  try {
    facts = await readServerFacts(db);
  } catch (error) {
    return { findings: [{ check: 'mysql', ...whyNot(error) }], isThere: false };
  }
  const ours = (askedAt + Date.now()) / 2;
  const isMigrated = await isCurrent(db);
  const behind = fault('the schema is missing or older than this program', 'run the release line of the Procfile');
  const findings: Finding[] = [
    ...mysqlFindings(facts).map((found): Finding => ({ check: 'mysql', ...found })),
    ...(await examineDisk(facts)).map((found): Finding => ({ check: 'mysql', ...found })),
    { check: 'schema', ...(isMigrated ? { state: 'ok', says: 'the schema is current' } : behind) },
    { check: 'clocks', ...clockFinding('MySQL', facts.now.getTime() - ours) },
  ];
  return { findings, isThere: isMigrated };
}

function whyNot(error: unknown): Found {
  const refused = whyRefused(error);
  if (refused !== null) return fault('MySQL is there and refuses us', refused);
  if (error instanceof TlsFailed) return fault('MySQL’s certificate is not trusted', error.message);
  if (!(error instanceof DatabaseUnavailable)) throw error;
  return fault('MySQL does not answer', 'start it, or correct MYSQL_URL');
}

/** What is wrong with a MySQL that answers; one line that it is well where nothing is. */
export function mysqlFindings({
  version,
  charset,
  readOnly,
  maxConnections,
  flushLog,
  syncBinlog,
  generalLog,
}: Omit<ServerFacts, 'now' | 'host' | 'dataDir'>): Found[] {
  const isMaria = /maria/i.test(version);
  const found = [
    ...(isOlder(version, isMaria ? [10, 6] : [8, 0])
      ? [fault(`${version} is too old`, 'MySQL 8.0 or MariaDB 10.6, or newer')]
      : []),
    ...(readOnly === 0
      ? []
      : [fault('it takes no writes (read_only)', 'name the primary in MYSQL_URL, not a replica')]),
    ...(charset === 'utf8mb4'
      ? []
      : [warning(`the database’s character set is ${charset}`, 'ALTER DATABASE … CHARACTER SET utf8mb4')]),
    ...(maxConnections >= FEWEST_CONNECTIONS
      ? []
      : [
          warning(
            `it takes ${maxConnections} connections`,
            `one set of processes needs ${FEWEST_CONNECTIONS}: raise max_connections, or set MYSQL_CONNECTIONS lower`,
          ),
        ]),
    ...(flushLog === 1
      ? []
      : [
          warning(
            'a crash of its machine may lose the last second, and with it texts that were answered 200',
            'set innodb_flush_log_at_trx_commit to 1',
          ),
        ]),
    ...(syncBinlog === 1
      ? []
      : [warning('after a crash of its machine a replica may know other texts than it does', 'set sync_binlog to 1')]),
    ...(generalLog === 0
      ? []
      : [
          warning(
            'its general log holds every statement, and with them what people say',
            'set general_log to OFF, and delete its file',
          ),
        ]),
  ];
  return found.length > 0 ? found : [{ state: 'ok', says: version }];
}

/** What `web`, `fanout`, `sender` and `clock` open at most: engine/platform/runtime.ts. */
const FEWEST_CONNECTIONS = 42;

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, first = '0', second = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}

export function clockFinding(whose: string, aheadMs: number): Found {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (seconds < 2) return { state: 'ok', says: `${whose} and this machine have the same time` };
  const says = `${whose} is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine`;
  return warning(says, 'let both follow a time server (NTP)');
}
