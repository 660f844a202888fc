import { rows, run, type Sql, type Tx } from '../connect.ts';

/** Deletes and empties, row by row of a person, what is kept about them and is neither ledger nor consent. Returns how many rows. */
export async function eraseRows(
  tx: Tx,
  { personId, phone }: { personId: number; phone: string },
): Promise<Record<string, number>> {
  const gone: Record<string, number> = {};
  for (const [what, text] of Object.entries(statements)) {
    const { affected } = await run(tx, text, [text.includes('phone = ?') ? phone : personId]);
    gone[what] = affected;
  }
  return gone;
}

const MEMBERSHIPS = 'SELECT id FROM memberships WHERE person_id = ?';
const statements = {
  sessions: 'DELETE FROM sessions WHERE person_id = ?',
  hookEvents: 'DELETE e FROM hook_events e JOIN hooks h ON h.id = e.hook_id WHERE h.person_id = ?',
  hooks: 'DELETE FROM hooks WHERE person_id = ?',
  apiKeys: 'DELETE FROM api_keys WHERE person_id = ?',
  devices: 'DELETE FROM devices WHERE phone = ?',
  pins: 'DELETE FROM pins WHERE person_id = ?',
  hints: 'DELETE FROM hints WHERE person_id = ?',
  drafts: 'DELETE FROM drafts WHERE person_id = ?',
  invitations: 'DELETE FROM invitations WHERE person_id = ?',
  firstTexts: 'DELETE FROM first_texts WHERE person_id = ? AND counted_at IS NOT NULL',
  answers: 'DELETE FROM answer_texts WHERE person_id = ?',
  heldTexts: `DELETE FROM held_texts WHERE member_id IN (${MEMBERSHIPS})`,
  reactions: `DELETE FROM reactions WHERE member_id IN (${MEMBERSHIPS})`,
  votes: `DELETE FROM poll_votes WHERE member_id IN (${MEMBERSHIPS})`,
  polls: `UPDATE memberships m JOIN polls q ON q.group_id = m.group_id AND q.by_id = m.id
    SET q.question = '', q.choices = '', q.closed_at = COALESCE(q.closed_at, NOW(3)) WHERE m.person_id = ?`,
  schedules:
    'DELETE s FROM memberships m JOIN schedules s ON s.group_id = m.group_id AND s.said_by = m.id WHERE m.person_id = ?',
  lists: `DELETE FROM list_members WHERE member_id IN (${MEMBERSHIPS})`,
  offers:
    'DELETE o FROM memberships m JOIN owner_offers o ON o.group_id = m.group_id AND o.membership_id = m.id WHERE m.person_id = ?',
  news: 'DELETE w FROM memberships m JOIN newcomer_news w ON w.group_id = m.group_id AND w.membership_id = m.id WHERE m.person_id = ?',
  networks: 'UPDATE people SET network = NULL, line = NULL, language = NULL WHERE id = ?',
  media: 'UPDATE media SET delete_at = created_at WHERE person_id = ?',
  names: 'UPDATE memberships SET name = NULL, name_key = NULL WHERE person_id = ?',
  emails: 'DELETE FROM emails WHERE account_id IN (SELECT id FROM accounts WHERE person_id = ?)',
  stagedEmails: 'UPDATE `groups` SET staged_email = NULL WHERE owner_id = ? AND staged_email IS NOT NULL',
  accounts: `UPDATE accounts SET email = NULL, zip = NULL, customer_ref = NULL, card_ref = NULL, card_brand = NULL,
    card_last4 = NULL, card_expires = NULL WHERE person_id = ?`,
} as const;

/** What they said since then and is not with every carrier yet. */
export async function findUnsentBy(
  sql: Sql,
  { personId, since }: { personId: number; since: Date },
): Promise<number[]> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT m.id FROM memberships f JOIN messages m ON m.sender_id = f.id
     WHERE f.person_id = ? AND m.kind = 'said' AND m.accepted_at >= ? AND m.cancelled_at IS NULL
       AND (m.pending IS NOT NULL OR EXISTS (SELECT 1 FROM deliveries d WHERE d.message_id = m.id AND d.state IN ('queued', 'sending', 'unknown')))
     ORDER BY m.id`,
    [personId, since],
  );
  return found.map(({ id }) => id);
}

/**
 * Empties some of what they said; the messages keep their ids, and are cancelled, so that no later try goes out without its
 * text. Returns how many; 0 when all are empty.
 */
export async function emptySaid(sql: Sql, { personId, now }: { personId: number; now: Date }): Promise<number> {
  const found = await rows<{ id: number }>(
    sql,
    `SELECT m.id FROM memberships f JOIN messages m ON m.sender_id = f.id
     WHERE f.person_id = ? AND (m.text <> '' OR m.media IS NOT NULL) LIMIT ${PIECE}`,
    [personId],
  );
  await emptyMessages(sql, { ids: found.map(({ id }) => id), now });
  return found.length;
}

/** Empties our own texts that went to them alone, of the messages from row `first` up to `end`. */
export async function emptySystemMessages(
  sql: Sql,
  { personId, first, end }: { personId: number; first: number; end: number },
): Promise<number> {
  const { affected } = await run(
    sql,
    `UPDATE messages m JOIN deliveries d ON d.message_id = m.id AND d.person_id = ? AND d.part = 0
     SET m.text = '', m.redact_at = NULL
     WHERE m.id >= ? AND m.id < ? AND m.kind = 'system' AND m.pending IS NULL AND m.text <> ''
       AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.message_id = m.id AND o.person_id <> d.person_id)`,
    [personId, first, end],
  );
  return affected;
}

/** The groups that they were or are in, each with what they were called there last. */
export async function findNames(sql: Sql, personId: number): Promise<{ groupId: number; name: string | null }[]> {
  return rows(sql, 'SELECT group_id AS groupId, name FROM memberships WHERE person_id = ? ORDER BY id', [personId]);
}

/** Our own texts in a group, also those that told what others said, behind row `afterId`; some at a time. */
export async function readOurTexts(
  sql: Sql,
  { groupId, afterId }: { groupId: number; afterId: number },
): Promise<{ id: number; text: string }[]> {
  return rows(
    sql,
    `SELECT id, text FROM messages FORCE INDEX (messages_group)
     WHERE group_id = ? AND id > ? AND (kind = 'system' OR message_id IS NULL) AND text <> '' ORDER BY id LIMIT ${PIECE}`,
    [groupId, afterId],
  );
}

/** Empties messages, and stops what has not gone out of them. */
export async function emptyMessages(sql: Sql, { ids, now }: { ids: readonly number[]; now: Date }): Promise<number> {
  if (ids.length === 0) return 0;
  const { affected } = await run(
    sql,
    "UPDATE messages SET text = '', media = NULL, redact_at = NULL, cancelled_at = COALESCE(cancelled_at, ?) WHERE id IN (?)",
    [now, ids],
  );
  return affected;
}

/** Takes the phone and what tells equal texts out of some of their inbound texts, whose ids guard against repeats. Returns how many. */
export async function hideInbound(sql: Sql, { phone, hidden }: { phone: string; hidden: string }): Promise<number> {
  const { affected } = await run(
    sql,
    `UPDATE inbound_texts SET phone = ?, text_hash = NULL WHERE phone = ? ORDER BY received_at LIMIT ${PIECE}`,
    [hidden, phone],
  );
  return affected;
}

const PIECE = 500;
