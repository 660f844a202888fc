import { errnoOf } from '../../db/connect.ts';

/**
 * What an operator has to mend where a server is there and refuses us, which no waiting helps; null for any other error. It
 * repeats nothing of an address, because that may hold a password.
 */
export function whyRefused(error: unknown): string | null {
  const errno = errnoOf(error);
  if (errno !== null) return BY_MYSQL[errno] ?? null;
  return error instanceof Error && /^(?:WRONGPASS|NOAUTH)\b/.test(error.message) ? BY_REDIS : null;
}

const ENCODED = 'what is no letter or digit in them is percent-encoded: @ as %40, / as %2F, # as %23';
const BY_REDIS = `REDIS_URL: Redis refuses its user or password (${ENCODED})`;
const ACCESS = `MYSQL_URL: MySQL refuses its user or password (${ENCODED})`;

/** By MySQL's error numbers, which are MariaDB's too. */
const BY_MYSQL: Partial<Record<number, string>> = {
  1044: 'MYSQL_URL: its user has no rights on its database: GRANT ALL ON database.* TO the user',
  1045: ACCESS,
  1698: ACCESS,
  1049: 'MYSQL_URL names a database that is not there: CREATE DATABASE, then run the release line of the Procfile',
};

/** A table or column is missing: the schema was never migrated, or by an older release. */
export function isSchemaMissing(error: unknown): boolean {
  return MISSING_ERRNOS.has(errnoOf(error) ?? 0);
}
/** No such table, unknown column. */
const MISSING_ERRNOS: ReadonlySet<number> = new Set([1146, 1054]);
