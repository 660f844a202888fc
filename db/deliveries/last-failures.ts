import { rows, type Sql } from '../connect.ts';

/** A text that failed or was not delivered. */
export type Failure = {
  messageId: number;
  personId: number;
  part: number;
  attempt: number;
  /** Ours, from which it went. */
  number: string;
  state: 'failed' | 'undelivered';
  errorCode: number | null;
  reason: string | null;
  endedAt: Date | null;
};

/** Those among the newest deliveries, the newest message first. */
export async function findLastFailures(sql: Sql, limit: number): Promise<Failure[]> {
  return rows(
    sql,
    `SELECT f.message_id AS messageId, f.person_id AS personId, f.part, f.attempt, n.phone AS number, f.state, f.error_code AS errorCode,
       f.reason, f.ended_at AS endedAt
     FROM (SELECT message_id, person_id, part, attempt, number_id, state, error_code, reason, ended_at FROM deliveries
       ORDER BY message_id DESC, person_id DESC, part DESC LIMIT ${LOOKED_AT}) f JOIN numbers n ON n.id = f.number_id
     WHERE f.state IN ('failed', 'undelivered') ORDER BY f.message_id DESC, f.person_id DESC, f.part DESC LIMIT ?`,
    [limit],
  );
}

/** Deliveries; further back `number stats` and `message find` look. */
const LOOKED_AT = 5_000;
