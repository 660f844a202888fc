/** MySQL did not answer in time or cannot be reached. What was asked may or may not have happened. */
export class DatabaseUnavailable extends Error {
  override name = 'DatabaseUnavailable';
}

/** MySQL is there, but TLS with it fails, which lasts until somebody corrects it. The message is for an operator. */
export class TlsFailed extends DatabaseUnavailable {
  override name = 'TlsFailed';
}

/** A COMMIT was not answered, and it could not be found out whether it happened. */
export class OutcomeUnknown extends DatabaseUnavailable {
  override name = 'OutcomeUnknown';
}

/**
 * MySQL refused a statement. Its own message quotes the values: phones, PINs, what people said. So this one, which may be
 * logged, has the statement with its placeholders and the number of the error only.
 */
class QueryFailed extends Error {
  override name = 'QueryFailed';
  constructor(
    readonly errno: number,
    readonly code: string,
    /** The unique key that was hit. */
    readonly key: string | null,
    statement: string,
  ) {
    super(`MySQL error ${errno} (${code}) in: ${statement.replace(/\s+/g, ' ').slice(0, 300)}`);
  }
}

/** MySQL asks for another try: deadlock, lock wait, changed read. */
export function isRefusedForNow(error: unknown): boolean {
  return RETRIED_ERRNOS.has(errnoOf(error) ?? 0);
}

/** MySQL's error number (the same on MariaDB, where the code's name may differ), or null for any other error. */
export function errnoOf(error: unknown): number | null {
  const errno = (error as { errno?: unknown } | null)?.errno;
  return typeof errno === 'number' && errno > 0 ? errno : null;
}

/** True when a unique key was hit; `key` narrows it to that key. */
export function isDuplicate(error: unknown, key?: string): boolean {
  if (errnoOf(error) !== DUPLICATE_ENTRY) return false;
  return key === undefined || (error as { key?: unknown }).key === key;
}

/** Errors without a MySQL error number come from the connection or from a time limit, unless we threw them. */
export function translate(error: unknown, statement: string): unknown {
  if (error instanceof DatabaseUnavailable || error instanceof QueryFailed || !(error instanceof Error)) return error;
  const { code = '', fatal = false } = error as { code?: string; fatal?: boolean };
  const errno = errnoOf(error);
  const tls = TLS_FAILURES[code];
  if (tls !== undefined) return new TlsFailed(tls(error.message));
  const lost = errno === null && (fatal || error.name === 'KnexTimeoutError' || GONE_CODES.has(code));
  if (lost || GONE_ERRNOS.has(errno ?? 0))
    return new DatabaseUnavailable(`MySQL is unavailable: ${code || error.name}`);
  if (errno === null) return error;
  // MariaDB names the key alone, MySQL 8 with its table before it.
  const key = /for key '(?:[^'.]*\.)?([^']+)'$/.exec(error.message)?.[1] ?? null;
  return new QueryFailed(errno, code, key, statement);
}

/** By the driver's code, from what TLS said: it names hosts and nothing that is secret. */
const TLS_FAILURES: Partial<Record<string, (said: string) => string>> = {
  HANDSHAKE_SSL_ERROR: (said) =>
    `TLS with MySQL failed (${said}): MYSQL_URL must name the host as its certificate does, and with ?ca=FILE the authority that signed it, unless that is a public one`,
  HANDSHAKE_NO_SSL_SUPPORT: () => 'MySQL offers no TLS: turn it on in the server, or write mysql:// in MYSQL_URL',
};

const DUPLICATE_ENTRY = 1062;
/** Deadlock, lock wait time-out, record changed since last read. */
const RETRIED_ERRNOS: ReadonlySet<number> = new Set([1213, 1205, 1020]);
const GONE_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
]);
/** Too many connections, not of a majority (Galera), server shutting down, host blocked, read-only (a failover under way), killed. */
const GONE_ERRNOS: ReadonlySet<number> = new Set([
  ...[1040, 1047, 1053, 1129, 1290, 1836, 1927],
  // What clients say who cannot connect, passed on by MySQL Router, and ProxySQL’s word for it.
  ...[2002, 2003, 2006, 2013, 9001],
  // MySQL’s own: killed, ended for idleness; offline for clients, which a member of a group may be that has left it.
  ...[3169, 4031, 3032],
  /*
   * A member that leaves its group answers so to a COMMIT, whether or not the others have it (`unblock_waiting_transactions` in
   * plugin_utils.cc): nothing is known of what became of it, so it must not be done again as after a deadlock.
   */
  ...[3100, 3101],
  // A statement that was held until a new primary has all of the old one’s: too long, ended, or the member left meanwhile.
  ...[3781, 3782, 3783],
  // A transaction that waits for others of its group, and one that begins while the member stops.
  ...[3797, 3798, 3799],
  // All wait, because somebody gives the group another primary.
  4094,
  // MariaDB’s Spider: the server that a table is a link to is not there, went away, or is not heard of.
  ...[1429, 12701, 1158, 1159, 1160, 1161],
]);
