import { row, run, type Sql } from './connect.ts';

/** Keeps that an inbound text was here. Fails with a duplicate error where it was before. */
export async function insertInbound(
  sql: Sql,
  text: { carrierId: string; phone: string; number: string; hash?: Buffer; verdict: string; now: Date },
): Promise<void> {
  await run(
    sql,
    'INSERT INTO inbound_texts (carrier_id, phone, number, text_hash, verdict, received_at) VALUES (?, ?, ?, ?, ?, ?)',
    [text.carrierId, text.phone, text.number, text.hash ?? null, text.verdict, text.now],
  );
}

/**
 * How many texts a phone has sent us since two moments: the same one, and any. Counted no further than the limits,
 * from indexes alone.
 */
export async function countInbound(
  sql: Sql,
  want: { phone: string; hash: Buffer; sameSince: Date; sameLimit: number; anySince: Date; anyLimit: number },
): Promise<{ same: number; any: number }> {
  const found = await row<{ same: number; any: number }>(
    sql,
    `SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM inbound_texts WHERE phone = ? AND text_hash = ? AND received_at > ? LIMIT ?) s) AS same,
       (SELECT COUNT(*) FROM (SELECT 1 FROM inbound_texts WHERE phone = ? AND received_at > ? LIMIT ?) a) AS \`any\``,
    [want.phone, want.hash, want.sameSince, want.sameLimit, want.phone, want.anySince, want.anyLimit],
  );
  return found ?? { same: 0, any: 0 };
}
