import { run, type Sql } from '../connect.ts';
import { ofClaim } from './claims.ts';
import { asTable, DELIVERIES, type DeliveryKey, keysWith } from './delivery-keys.ts';

/*
 * The two outcomes that nearly every delivery has, and no others. What follows from them is the same for every row
 * that is in the state that was assumed, so they are written without reading one.
 */

/**
 * Writes that the carrier took the first try of these, without reading them first: those that nothing else was heard of
 * since their claim. Returns them; the others are left alone. `mark` is a name that nobody else uses.
 */
export async function writeAccepted<T extends DeliveryKey & { carrierId: string }>(
  sql: Sql,
  { accepted, attemptLog, mark, now }: { accepted: readonly T[]; attemptLog: string; mark: string; now: Date },
): Promise<readonly T[]> {
  const { affected } = await run(
    sql,
    `UPDATE ${keysWith('carrier_id VARCHAR(64)')} ${DELIVERIES}
     SET d.state = 'sent', d.attempt = 1, d.batch = NULL, d.attempt_log = ?, d.charged = d.cost, d.carrier_id = k.carrier_id, d.claim = ?, d.queued_at = NULL,
       d.due_at = NULL, d.sent_at = ?
     WHERE (d.state, d.attempt) IN (('queued', 0), ('sending', 1)) AND d.attempt_log = '' AND d.charged = 0`,
    [asTable(accepted, ({ carrierId }) => [carrierId]), attemptLog, mark, now],
  );
  return affected === accepted.length ? accepted : ofClaim(sql, accepted, mark);
}

/** A report on the first try, what follows from it, and the attempt log that it follows from: a pattern for LIKE. */
export type PlainReport = DeliveryKey & {
  carrierId: string;
  state: 'sent' | 'delivered';
  attemptLog: string;
  before: string;
  /** Null leaves what is there. */
  carrierCost: number | null;
  network: string | null;
};

/**
 * Writes reports on deliveries that were sent at the first try, no two on the same one. Returns those that were written;
 * the others are left alone, also where their member’s failures in a row have to be counted anew. One statement, which
 * is its own transaction.
 */
export async function writeReported<T extends PlainReport>(
  sql: Sql,
  { reports, mark, now }: { reports: readonly T[]; mark: string; now: Date },
): Promise<readonly T[]> {
  const words = ['carrier_id', 'state', 'attempt_log', 'before_it', 'network'].map((name) => `${name} VARCHAR(64)`);
  const table = keysWith(...words, 'carrier_cost INT UNSIGNED');
  const { affected } = await run(
    sql,
    `UPDATE ${table} ${DELIVERIES} LEFT JOIN memberships b ON b.id = d.membership_id
     SET d.state = k.state, d.attempt_log = k.attempt_log, d.carrier_id = k.carrier_id, d.claim = ?,
       d.carrier_cost = COALESCE(k.carrier_cost, d.carrier_cost), d.network = COALESCE(k.network, d.network),
       d.ended_at = IF(k.state = 'delivered', ?, NULL)
     WHERE d.state = 'sent' AND d.attempt = 1 AND d.attempt_log LIKE k.before_it AND COALESCE(b.unreachable, 0) = 0`,
    [asTable(reports, valuesOf), mark, now],
  );
  return affected === reports.length ? reports : ofClaim(sql, reports, mark);
}

function valuesOf({
  carrierId,
  state,
  attemptLog,
  before,
  network,
  carrierCost,
}: PlainReport): (string | number | null)[] {
  return [carrierId, state, attemptLog, before, network, carrierCost];
}
