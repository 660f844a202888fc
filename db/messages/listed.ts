import { placeholders, rows, run, type Sql } from '../connect.ts';

/** Keeps for whom a message to a list is. */
export async function insertListed(
  sql: Sql,
  { rowId, messageId, memberIds }: { rowId: number; messageId: number; memberIds: readonly number[] },
): Promise<void> {
  await run(
    sql,
    `INSERT INTO list_messages (member_id, message_id, row_id) VALUES ${placeholders(memberIds.length, 3)}`,
    memberIds.flatMap((memberId) => [memberId, messageId, rowId]),
  );
}

/** A message by its row, whom it is from and for. */
type Addressed = { id: number; senderId: number | null; toId: number | null };

/** With whom each of these messages that went to a list is for, else null. Asks nothing where none did. */
export async function withListed<M extends Addressed>(
  sql: Sql,
  messages: readonly M[],
): Promise<(M & { listed: readonly number[] | null })[]> {
  const listed = await readListed(sql, messages);
  return messages.map((message) => ({ ...message, listed: listed.get(message.id) ?? null }));
}

/** Whom those of these messages are for that went to a list, by their rows. */
export async function readListed(
  sql: Sql,
  messages: readonly Addressed[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const ids = messages.flatMap(({ id, senderId, toId }) => (toId !== null && toId === senderId ? [id] : []));
  const listed = new Map(ids.map((id) => [id, [] as number[]]));
  if (ids.length === 0) return listed;
  const found = await rows<{ id: number; memberId: number }>(
    sql,
    'SELECT row_id AS id, member_id AS memberId FROM list_messages WHERE row_id IN (?)',
    [ids],
  );
  for (const { id, memberId } of found) listed.get(id)?.push(memberId);
  return listed;
}
