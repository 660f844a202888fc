import { rows, type Sql } from '../connect.ts';

/** The request of each message that came of one. */
export async function readRequestIds(sql: Sql, messageIds: readonly number[]): Promise<Map<number, string>> {
  const found = await rows<{ id: number; requestId: string }>(
    sql,
    'SELECT id, request_id AS requestId FROM messages WHERE id IN (?) AND request_id IS NOT NULL',
    [[...new Set(messageIds)]],
  );
  return new Map(found.map(({ id, requestId }) => [id, requestId]));
}
