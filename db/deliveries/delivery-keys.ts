/** Names one delivery: the row of its message, the person, and the part of a long text. */
export type DeliveryKey = { messageId: number; personId: number; part: number };

/** Rows that one statement writes at most. */
export const ROWS_A_STATEMENT = 500;

/**
 * Keys as a table: each finds its row by the primary key, however many there are, and in this order, so that two
 * statements that lock rows never wait for each other. MariaDB and MySQL 8 both have it.
 */
export const KEYS = keysWith();
/**
 * Their rows, as `d`, behind a table of keys. Forced, because a server reads a small table from end to end: it would lock for
 * a moment what is none of its business, and who skips what is locked would miss it.
 */
export const DELIVERIES = `STRAIGHT_JOIN deliveries d FORCE INDEX (PRIMARY)
  ON d.message_id = k.message_id AND d.person_id = k.person_id AND d.part = k.part`;

/** Keys with more to say of each row: `name TYPE`, in the order in which `asTable` is given the values. */
export function keysWith(...columns: readonly string[]): string {
  const all = ['message_id BIGINT UNSIGNED', 'person_id BIGINT UNSIGNED', 'part TINYINT UNSIGNED', ...columns];
  return jsonTable(all);
}

/**
 * A JSON list of lists as table `k`: a column (`name TYPE`) for each place of the inner ones. Behind a SELECT of its own,
 * which both servers merge: MySQL refuses FOR UPDATE beside a bare JSON_TABLE (error 3569).
 */
export function jsonTable(columns: readonly string[]): string {
  const listed = columns.map((column, at) => `${column} PATH '$[${at}]'`).join(', ');
  return `(SELECT * FROM JSON_TABLE(?, '$[*]' COLUMNS (${listed})) j) k`;
}

export function asTable<T extends DeliveryKey>(
  keys: readonly T[],
  valuesOf: (key: T) => (string | number | null)[] = () => [],
): string {
  const sorted = keys.toSorted(compareKeys);
  const distinct = sorted.filter((key, at) => at === 0 || compareKeys(key, sorted[at - 1] ?? key) !== 0);
  return JSON.stringify(distinct.map((key) => [key.messageId, key.personId, key.part, ...valuesOf(key)]));
}

function compareKeys(a: DeliveryKey, b: DeliveryKey): number {
  return a.messageId - b.messageId || a.personId - b.personId || a.part - b.part;
}

/** A key as one text, to find it in a set. */
export function deliveryName({ messageId, personId, part }: DeliveryKey): string {
  return `${messageId}-${personId}-${part}`;
}
