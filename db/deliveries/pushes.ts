import { rows, run, type Sql } from '../connect.ts';
import { blockedSql } from '../people/blocks.ts';
import { ofClaim } from './claims.ts';
import { asTable, DELIVERIES, type DeliveryKey, KEYS, ROWS_A_STATEMENT } from './delivery-keys.ts';

/** A delivery that goes out by push. It has one row, of part 0, however long its text. */
export type NewPush = DeliveryKey & { numberId: number; membershipId: number };

/** Writes deliveries that wait for their push; at `dueAt` somebody looks whether it came. Those that are there stay. */
export async function insertPushes(
  sql: Sql,
  pushes: readonly NewPush[],
  { now, dueAt }: { now: Date; dueAt: Date },
): Promise<void> {
  for (let from = 0; from < pushes.length; from += ROWS_A_STATEMENT) {
    await run(
      sql,
      `INSERT IGNORE INTO deliveries (message_id, person_id, part, number_id, membership_id, state, via, queued_at, due_at, created_at)
       VALUES ?`,
      [
        pushes
          .slice(from, from + ROWS_A_STATEMENT)
          .map((one) => [
            one.messageId,
            one.personId,
            one.part,
            one.numberId,
            one.membershipId,
            'queued',
            'push',
            now,
            dueAt,
            now,
          ]),
      ],
    );
  }
}

/** What a push needs to know, as it is now. */
export type PushPayload = DeliveryKey & {
  phone: string;
  number: string;
  group: string;
  /** The sender’s name, or their phone. */
  sender: string;
  /** Of the group’s messages. */
  id: number;
  text: string;
  media: string | null;
  queuedAt: Date;
  /** What the member speaks, and their group; null where nobody chose. */
  own: string | null;
  groupLanguage: string | null;
  /** The phone said STOP, to us or to the carrier. */
  blocked: number;
  /** They left, were removed, or the group is gone. */
  gone: number;
  /** By an operator. */
  cancelled: number;
};

/** The deliveries among these that still wait for their push. */
export async function readPushPayloads(sql: Sql, keys: readonly DeliveryKey[]): Promise<PushPayload[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, p.phone, n.phone AS number, g.name AS \`group\`,
       COALESCE(s.name, sp.phone, '') AS sender, m.message_id AS id, m.text, m.media, d.queued_at AS queuedAt,
       p.language AS own, g.language AS groupLanguage,
       ${blockedSql('p', 'n')} AS blocked, b.id IS NULL OR b.live IS NULL OR b.left_at IS NOT NULL AS gone,
       m.cancelled_at IS NOT NULL AS cancelled
     FROM ${KEYS} ${DELIVERIES} JOIN messages m ON m.id = d.message_id
     JOIN \`groups\` g ON g.id = m.group_id JOIN people p ON p.id = d.person_id JOIN numbers n ON n.id = d.number_id
     LEFT JOIN memberships b ON b.id = d.membership_id LEFT JOIN memberships s ON s.id = m.sender_id
     LEFT JOIN people sp ON sp.id = s.person_id
     WHERE d.via = 'push' AND d.state = 'queued'`,
    [asTable(keys)],
  );
}

/**
 * Marks pushes as being made. Returns those that this claim got. Nobody else gets them. Each is looked at `seconds`
 * after it was queued, also where it was called overdue because its job might have been lost.
 */
export async function claimPushes<T extends DeliveryKey>(
  sql: Sql,
  { keys, claim, seconds }: { keys: readonly T[]; claim: string; seconds: number },
): Promise<T[]> {
  const { affected } = await run(
    sql,
    `UPDATE ${KEYS} ${DELIVERIES}
     SET d.state = 'sending', d.claim = ?, d.due_at = d.queued_at + INTERVAL ? SECOND
     WHERE d.via = 'push' AND d.state = 'queued'`,
    [asTable(keys), claim, seconds],
  );
  return affected === keys.length ? [...keys] : ofClaim(sql, keys, claim);
}

/** A service has taken these, where nobody has given up on them meanwhile. Returns how many. */
export async function markPushed(
  sql: Sql,
  { keys, claim, now }: { keys: readonly DeliveryKey[]; claim: string; now: Date },
): Promise<number> {
  const { affected } = await run(
    sql,
    `UPDATE ${KEYS} ${DELIVERIES}
     SET d.state = 'sent', d.claim = NULL, d.queued_at = NULL, d.due_at = NULL, d.sent_at = ?
     WHERE d.via = 'push' AND d.state = 'sending' AND d.claim = ?`,
    [asTable(keys), now, claim],
  );
  return affected;
}

export type OpenPush = NewPush & { text: string; media: string | null };

/** Locks those of these pushes that have no outcome: of one claim, or, without, all whose time is over. */
export async function lockOpenPushes(
  sql: Sql,
  { keys, claim, now }: { keys: readonly DeliveryKey[]; claim: string | null; now: Date },
): Promise<OpenPush[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.number_id AS numberId,
       d.membership_id AS membershipId, m.text, m.media
     FROM ${KEYS} ${DELIVERIES} JOIN messages m ON m.id = d.message_id
     WHERE d.via = 'push' AND d.state IN ('queued', 'sending') AND ${claim === null ? 'd.due_at <= LEAST(?, NOW(3))' : 'd.claim = ?'}
     FOR UPDATE`,
    [asTable(keys), claim ?? now],
  );
}

/** They make way for the rows of a text. */
export async function deletePushes(sql: Sql, keys: readonly DeliveryKey[]): Promise<void> {
  await run(sql, `DELETE d FROM ${KEYS} ${DELIVERIES} WHERE d.via = 'push'`, [asTable(keys)]);
}
