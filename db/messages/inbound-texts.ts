import { row, run, type Sql } from '../connect.ts';

export type InboundRow = {
  carrierId: string;
  phone: string;
  hash?: Buffer;
  /** Where it leaves a message with its origin; null where it leaves none. */
  groupId: number | null;
  now: Date;
};

/** Keeps that inbound texts were here. Fails with a duplicate error where one was before. */
export async function insertInbound(sql: Sql, texts: readonly InboundRow[]): Promise<void> {
  await run(sql, 'INSERT INTO inbound_texts (carrier_id, phone, text_hash, group_id, received_at) VALUES ?', [
    texts.map(toRow),
  ]);
}

/** The same of one that may have been here; false where it was. */
export async function insertMissing(sql: Sql, text: InboundRow): Promise<boolean> {
  const { affected } = await run(
    sql,
    'INSERT IGNORE INTO inbound_texts (carrier_id, phone, text_hash, group_id, received_at) VALUES ?',
    [[toRow(text)]],
  );
  return affected === 1;
}

/** The group in which a text that was here left a message; null where it left none. */
export async function findInboundGroup(sql: Sql, carrierId: string): Promise<number | null> {
  const found = await row<{ groupId: number | null }>(
    sql,
    'SELECT group_id AS groupId FROM inbound_texts WHERE carrier_id = ?',
    [carrierId],
  );
  return found?.groupId ?? null;
}

function toRow({ carrierId, phone, hash, groupId, now }: InboundRow) {
  return [carrierId, phone, hash ?? null, groupId, now];
}
