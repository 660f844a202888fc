import { row, rows, run, type Sql } from '../connect.ts';

/** The owner is to hear what became of this message, at the latest then. */
export async function insertDigest(sql: Sql, { messageId, dueAt }: { messageId: number; dueAt: Date }): Promise<void> {
  await run(sql, 'INSERT INTO digests (message_id, due_at) VALUES (?, ?)', [messageId, dueAt]);
}

/** Messages whose outcomes are all in, or whose time has come. */
export async function findDigests(sql: Sql, now: Date): Promise<number[]> {
  const found = await rows<{ messageId: number }>(
    sql,
    `SELECT s.message_id AS messageId FROM digests s JOIN messages m ON m.id = s.message_id
     WHERE s.due_at <= ? OR (m.pending IS NULL AND NOT EXISTS (
       SELECT 1 FROM deliveries d WHERE d.message_id = s.message_id AND d.state IN ('queued', 'sending', 'unknown', 'sent') AND NOT (d.via = 'push' AND d.state = 'sent')))
     ORDER BY s.message_id LIMIT 100`,
    [now],
  );
  return found.map(({ messageId }) => messageId);
}

/** Takes a digest; false where another clock has it. */
export async function takeDigest(sql: Sql, messageId: number): Promise<boolean> {
  const { affected } = await run(sql, 'DELETE FROM digests WHERE message_id = ?', [messageId]);
  return affected === 1;
}

export type Told = {
  groupId: number;
  group: string;
  id: number;
  /** The owner’s membership, as it is now. */
  personId: number;
  membershipId: number;
  numberId: number;
};

/** Whom a digest goes to; undefined where the group has ended. */
export async function readDigest(sql: Sql, messageId: number): Promise<Told | undefined> {
  return row(
    sql,
    `SELECT g.id AS groupId, g.name AS \`group\`, m.message_id AS id, o.person_id AS personId, o.id AS membershipId,
       o.number_id AS numberId
     FROM messages m JOIN \`groups\` g ON g.id = m.group_id AND g.state = 'active'
     JOIN memberships o ON o.group_id = g.id AND o.person_id = g.owner_id AND o.live = 1 WHERE m.id = ?`,
    [messageId],
  );
}

/** What became of each member’s text; the worst of its parts counts. Nobody reports on a push: one that was taken is there. */
export async function readOutcomes(
  sql: Sql,
  messageId: number,
): Promise<{ who: string; states: string; reason: string | null }[]> {
  return rows(
    sql,
    `SELECT COALESCE(b.name, p.phone) AS who, GROUP_CONCAT(DISTINCT IF(d.via = 'push' AND d.state = 'sent', 'delivered', d.state)) AS states, MAX(d.reason) AS reason
     FROM deliveries d JOIN people p ON p.id = d.person_id LEFT JOIN memberships b ON b.id = d.membership_id
     WHERE d.message_id = ? GROUP BY d.person_id, b.name, p.phone ORDER BY d.person_id`,
    [messageId],
  );
}
