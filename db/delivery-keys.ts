/** Names one delivery: the row of its message, the person, and the part of a long text. */
export type DeliveryKey = { messageId: number; personId: number; part: number };
export type DeliveryState =
  | 'queued'
  | 'sending'
  | 'unknown'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'skipped';

/** Rows that one statement writes at most. */
export const ROWS_A_STATEMENT = 500;

/**
 * Keys as a table: each finds its row by the primary key, however many there are, and in this order, so that two
 * statements that lock rows never wait for each other. MariaDB and MySQL 8 both have it.
 */
export const KEYS = `JSON_TABLE(?, '$[*]' COLUMNS (message_id BIGINT UNSIGNED PATH '$[0]', person_id BIGINT UNSIGNED PATH '$[1]',
  part TINYINT UNSIGNED PATH '$[2]', carrier_id VARCHAR(64) PATH '$[3]')) k`;
export const BY_KEY = 'd.message_id = k.message_id AND d.person_id = k.person_id AND d.part = k.part';

export function asTable(keys: readonly (DeliveryKey & { carrierId?: string })[]): string {
  const sorted = keys.toSorted((a, b) => a.messageId - b.messageId || a.personId - b.personId || a.part - b.part);
  const distinct = sorted.filter((key, at) => at === 0 || nameOf(key) !== nameOf(sorted[at - 1] ?? key));
  return JSON.stringify(
    distinct.map(({ messageId, personId, part, carrierId }) => [messageId, personId, part, carrierId ?? null]),
  );
}

/** A key as one text, to find it in a set. */
export function nameOf({ messageId, personId, part }: DeliveryKey): string {
  return `${messageId}-${personId}-${part}`;
}
