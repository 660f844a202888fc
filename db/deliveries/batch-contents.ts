import { rows, type Sql } from '../connect.ts';
import { type Batch, type BatchKey, batchName } from './batches.ts';
import type { DeliveryKey } from './delivery-keys.ts';

/** Batches with those whom they are for and who have no outcome yet: all of a batch are of one part, at one try. */
export async function readContents<T extends BatchKey>(sql: Sql, batches: readonly T[]): Promise<(T & Batch)[]> {
  const whole = batches.map((batch) => ({ ...batch, part: 0, attempt: 1, to: [] as number[] }));
  const byName = new Map(whole.map((batch) => [batchName(batch), batch]));
  for (const one of await readUnsettled(sql, batches)) {
    const batch = byName.get(batchName(one));
    if (batch === undefined) continue;
    batch.part = one.part;
    batch.attempt = one.attempt;
    batch.to.push(one.personId);
  }
  return whole;
}

/** Tries in batches that have no outcome yet. Looks once at each message, however many batches it has. */
async function readUnsettled(
  sql: Sql,
  keys: readonly BatchKey[],
): Promise<(DeliveryKey & BatchKey & { attempt: number })[]> {
  if (keys.length === 0) return [];
  return rows(
    sql,
    `SELECT message_id AS messageId, person_id AS personId, part, batch, attempt + (state = 'queued') AS attempt
     FROM deliveries WHERE message_id IN (?) AND batch IN (?) AND state IN ('queued', 'sending')`,
    [[...new Set(keys.map(({ messageId }) => messageId))], keys.map(({ batch }) => batch)],
  );
}
