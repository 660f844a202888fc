import type { DeliveryState } from '../../engine/rules/status.ts';
import { rows, run, type Sql } from '../connect.ts';
import { blockedSql } from '../people/blocks.ts';
import { MUTED, OFF, SUSPENDED } from './barred.ts';
import { asTable, DELIVERIES, type DeliveryKey, deliveryName, KEYS } from './delivery-keys.ts';

/** What a sender needs to know to send one delivery, as it is now. */
export type SendPayload = DeliveryKey & {
  state: DeliveryState;
  attempt: number;
  batch: number | null;
  from: string;
  to: string;
  /** The phone said STOP, to us or to the carrier. */
  blocked: number;
  /** They left, were removed, or the group is gone. */
  gone: number;
  /** By an operator. */
  cancelled: number;
  /** They want nothing sent for now, or at all. */
  muted: number;
  off: number;
  /** The account that pays is used up. */
  suspended: number;
  /** Goes out to a blocked phone too. */
  ignoreOptOut: number;
  numberId: number;
  cost: number;
  payerId: number | null;
  held: number | null;
  requestId: string | null;
  text: string;
  media: string | null;
  attemptLog: string;
  /** A PIN is in it. */
  secret: number;
};

export async function readSendPayloads(sql: Sql, keys: readonly DeliveryKey[]): Promise<SendPayload[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.state, d.attempt, d.batch, n.phone AS \`from\`, p.phone AS \`to\`,
       ${blockedSql('p', 'n')} AS blocked,
       m.kind = 'said' AND (b.id IS NULL OR b.live IS NULL OR b.left_at IS NOT NULL) AS gone, m.cancelled_at IS NOT NULL AS cancelled,
       COALESCE(m.kind = 'said' AND ${MUTED}, 0) AS muted, COALESCE(m.kind = 'said' AND ${OFF}, 0) AS off, m.ignore_opt_out AS ignoreOptOut,
       COALESCE(${SUSPENDED}, 0) AS suspended, d.attempt_log AS attemptLog, d.number_id AS numberId, d.cost, m.payer_id AS payerId, m.held, m.request_id AS requestId, m.text, m.media, m.kind = 'system' AND m.redact_at IS NOT NULL AS secret
     FROM ${KEYS} ${DELIVERIES} JOIN messages m ON m.id = d.message_id
     JOIN people p ON p.id = d.person_id JOIN numbers n ON n.id = d.number_id
     LEFT JOIN memberships b ON b.id = d.membership_id LEFT JOIN accounts a ON a.id = m.payer_id`,
    [asTable(keys)],
  );
}

/** Those of the keys whose row bears this claim. */
export async function ofClaim<T extends DeliveryKey>(sql: Sql, keys: readonly T[], claim: string): Promise<T[]> {
  const got = await rows<DeliveryKey>(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part
     FROM ${KEYS} ${DELIVERIES} WHERE d.claim = ?`,
    [asTable(keys), claim],
  );
  const names = new Set(got.map(deliveryName));
  return keys.filter((key) => names.has(deliveryName(key)));
}

/** Not sent after all. Only where nobody has claimed it: false where somebody has. */
export async function markSkipped(
  sql: Sql,
  { key, reason, now }: { key: DeliveryKey; reason: string; now: Date },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    `UPDATE deliveries SET state = 'skipped', reason = ?, due_at = NULL, batch = NULL, ended_at = ? WHERE message_id = ? AND person_id = ? AND part = ? AND state = 'queued'`,
    [reason, now, key.messageId, key.personId, key.part],
  );
  return affected > 0;
}
