import type { DeliveredPart } from '../../engine/rules/recipient-states.ts';
import { row, rows, type Sql } from '../connect.ts';
import { UNWRITTEN } from './pending-messages.ts';

/** A message (its row) whose deliveries are not written yet, and the roster that it was accepted for. */
export type Unwritten = {
  groupId: number;
  senderId: number | null;
  toId: number | null;
  version: number;
  tag: number;
  cc: number;
};

/** Undefined once its deliveries are written. */
export async function readUnwritten(sql: Sql, rowId: number): Promise<Unwritten | undefined> {
  return row(
    sql,
    `SELECT group_id AS groupId, sender_id AS senderId, to_id AS toId, roster_version AS version, roster_tag AS tag, cc
     FROM messages WHERE id = ? AND pending = ${UNWRITTEN}`,
    [rowId],
  );
}

/** What became of each part of a message for each person, in the order of the persons. */
export async function readParts(sql: Sql, rowId: number): Promise<DeliveredPart[]> {
  return rows(
    sql,
    `SELECT d.person_id AS personId, p.phone, b.name, d.state, d.via, d.reason, d.error_code AS errorCode
     FROM deliveries d JOIN people p ON p.id = d.person_id LEFT JOIN memberships b ON b.id = d.membership_id
     WHERE d.message_id = ? ORDER BY d.person_id, d.part`,
    [rowId],
  );
}
