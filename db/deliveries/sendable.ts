import type { CarrierName } from '../../engine/rules/carriers.ts';
import { rows, type Sql } from '../connect.ts';

/** A text of ours that holds a PIN, another text of ours, or what somebody said. */
export type TextClass = 'message' | 'system_message' | 'pin';

/** A text that could be sent, for so long, by MySQL's clock. */
export type Sendable = { class: TextClass; ageMs: number };
/** One that waits for a slot of this number, which is at this carrier. */
export type SlotWait = Sendable & { numberId: number; carrier: CarrierName; isMms: number };

/** The oldest message whose deliveries are still to be written. */
export async function oldestUnwritten(sql: Sql): Promise<Sendable[]> {
  return rows(
    sql,
    `SELECT 'message' AS class, ${age('accepted_at')} AS ageMs FROM messages WHERE pending = 1 ORDER BY id LIMIT 1`,
  );
}

/** Of each class, since when the oldest slot has passed that nobody has used; not at a carrier that is paused. */
export async function oldestUnclaimed(sql: Sql): Promise<Sendable[]> {
  return rows(
    sql,
    `SELECT ${CLASS} AS class, MAX(${age('b.slot_at')}) AS ageMs FROM (
       SELECT c.message_id, c.slot_at FROM batches c STRAIGHT_JOIN numbers n ON n.id = c.number_id
       WHERE c.claim = '' AND c.slot_at <= NOW(3) AND ${NOT_PAUSED}
       ORDER BY c.message_id, c.id LIMIT ${BATCHES_LOOKED_AT}) b
     JOIN messages m ON m.id = b.message_id GROUP BY ${CLASS}`,
  );
}

/**
 * The oldest messages of each class that wait for slots of their first tries, each with one number that it waits for;
 * not at a carrier that is paused.
 */
export async function oldestWaiting(sql: Sql): Promise<SlotWait[]> {
  return rows(
    sql,
    // The numbers are looked for behind the LIMIT and the ranks: each costs the rows of one message.
    `SELECT w.class, w.ageMs, w.isMms, n.id AS numberId, n.carrier FROM (
       SELECT r.class, r.ageMs, r.isMms, (
         SELECT d.number_id FROM deliveries d STRAIGHT_JOIN numbers n ON n.id = d.number_id
         WHERE d.message_id = r.id AND d.state = 'queued' AND d.queued_at IS NULL AND d.attempt = 0 AND ${NOT_PAUSED} LIMIT 1
       ) AS numberId
       FROM (SELECT m.id, ${CLASS} AS class, ${age('m.accepted_at')} AS ageMs, m.media IS NOT NULL AS isMms,
           ROW_NUMBER() OVER (PARTITION BY ${CLASS} ORDER BY m.id) AS place
         FROM (SELECT id, kind, redact_at, accepted_at, media FROM messages FORCE INDEX (messages_pending) WHERE pending = 2
           ORDER BY id LIMIT ${MESSAGES_LOOKED_AT}) m) r
       WHERE r.place <= ${EACH}) w
     JOIN numbers n ON n.id = w.numberId`,
  );
}

const CLASS = "IF(m.kind = 'said', 'message', IF(m.redact_at IS NULL, 'system_message', 'pin'))";
const NOT_PAUSED = 'n.carrier NOT IN (SELECT carrier FROM carrier_pauses)';
/** Texts behind this many older ones are not looked at; the older ones show the age. */
const BATCHES_LOOKED_AT = 1_000;
const MESSAGES_LOOKED_AT = 2_000;
const EACH = 5;

function age(since: string): string {
  return `GREATEST(0, TIMESTAMPDIFF(MICROSECOND, ${since}, NOW(3)) / 1000)`;
}
