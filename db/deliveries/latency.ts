import { rows, type Sql } from '../connect.ts';

/** From acceptance to the carrier, in ms, of the newest texts that it took, the shortest first. */
export async function readLatencies(sql: Sql): Promise<number[]> {
  const found = await rows<{ ms: number }>(
    sql,
    `SELECT GREATEST(0, TIMESTAMPDIFF(MICROSECOND, m.accepted_at, d.sent_at)) / 1000 AS ms FROM (
       SELECT message_id, sent_at FROM deliveries ORDER BY message_id DESC LIMIT ${LOOKED_AT}
     ) d JOIN messages m ON m.id = d.message_id WHERE d.sent_at IS NOT NULL ORDER BY ms`,
  );
  return found.map(({ ms }) => Number(ms));
}

const LOOKED_AT = 1_000;
