import type { DeliveryState } from '../../engine/rules/status.ts';
import { type Binding, rows, run, type Sql } from '../connect.ts';
import { asTable, DELIVERIES, type DeliveryKey, KEYS, ROWS_A_STATEMENT } from './delivery-keys.ts';

/** A delivery as the rules of its progress need it. */
export type DeliveryRow = DeliveryKey & {
  state: DeliveryState;
  attempt: number;
  pauses: number;
  attemptLog: string;
  cost: number;
  charged: number;
  carrierCost: number;
  createdAt: Date;
  membershipId: number | null;
  numberId: number;
};

/** Locks deliveries, in the order of their keys, so that two batches never wait for each other. */
export async function lockDeliveries(sql: Sql, keys: readonly DeliveryKey[]): Promise<DeliveryRow[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.state, d.attempt, d.pauses, d.attempt_log AS attemptLog, d.cost, d.charged, d.carrier_cost AS carrierCost,
       d.created_at AS createdAt, d.membership_id AS membershipId, d.number_id AS numberId
     FROM ${KEYS} ${DELIVERIES} FOR UPDATE`,
    [asTable(keys)],
  );
}

/** What has become of a delivery; null leaves a column as it is. */
export type Progress = DeliveryKey & {
  numberId: number;
  state: DeliveryState;
  attempt: number;
  pauses: number;
  attemptLog: string;
  charged: number;
  carrierCost: number;
  network: string | null;
  carrierId: string | null;
  errorCode: number | null;
  reason: string | null;
  queuedAt: Date | null;
  dueAt: Date | null;
  sentAt: Date | null;
  endedAt: Date | null;
};

/** Writes the progress of locked deliveries in one statement a hundred. */
export async function writeProgress(sql: Sql, progress: readonly Progress[]): Promise<void> {
  for (let from = 0; from < progress.length; from += ROWS_A_STATEMENT) {
    const some = progress.slice(from, from + ROWS_A_STATEMENT);
    // The rows exist and are locked, so this is an update of many rows that says each value once.
    await run(
      sql,
      `INSERT INTO deliveries (message_id, person_id, part, number_id, state, attempt, pauses, attempt_log, charged, carrier_cost, network, carrier_id, error_code,
         reason, queued_at, due_at, sent_at, ended_at, created_at) VALUES ?
       ON DUPLICATE KEY UPDATE state = VALUES(state), attempt = VALUES(attempt), pauses = VALUES(pauses), attempt_log = VALUES(attempt_log),
         charged = VALUES(charged), carrier_cost = VALUES(carrier_cost),
         network = IF(VALUES(network) = '', network, VALUES(network)), carrier_id = COALESCE(VALUES(carrier_id), carrier_id),
         error_code = COALESCE(VALUES(error_code), error_code), reason = COALESCE(VALUES(reason), reason), claim = NULL, batch = NULL,
         queued_at = VALUES(queued_at), due_at = VALUES(due_at), sent_at = COALESCE(sent_at, VALUES(sent_at)),
         ended_at = VALUES(ended_at)`,
      [
        some.map((one): Binding[] => [
          one.messageId,
          one.personId,
          one.part,
          one.numberId,
          one.state,
          one.attempt,
          one.pauses,
          one.attemptLog,
          one.charged,
          one.carrierCost,
          one.network ?? '',
          one.carrierId,
          one.errorCode,
          one.reason,
          one.queuedAt,
          one.dueAt,
          one.sentAt,
          one.endedAt,
          EPOCH,
        ]),
      ],
    );
  }
}

/** A column of an insert that only ever updates. */
const EPOCH = new Date(0);
