import { type Binding, rows, run, type Sql } from './connect.ts';

/** Names one delivery: the row of its message, the person, and the part of a long text. */
export type DeliveryKey = { messageId: number; personId: number; part: number };
export type DeliveryState =
  | 'queued'
  | 'sending'
  | 'unknown'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'skipped';

export type NewDelivery = DeliveryKey & {
  numberId: number;
  membershipId: number | null;
  state: 'queued' | 'skipped';
  reason: string | null;
  /** Pennies that one try costs the owner of the group. */
  cost: number;
  queuedAt: Date | null;
  dueAt: Date | null;
};

/** Writes deliveries, by the hundred; those that are there already stay as they are. */
export async function insertDeliveries(sql: Sql, deliveries: readonly NewDelivery[], now: Date): Promise<void> {
  for (let from = 0; from < deliveries.length; from += ROWS_A_STATEMENT) {
    const some = deliveries.slice(from, from + ROWS_A_STATEMENT);
    await run(
      sql,
      `INSERT IGNORE INTO deliveries (message_id, person_id, part, number_id, membership_id, state, reason, cost, queued_at, due_at, created_at)
       VALUES ?`,
      [
        some.map((one) => [
          one.messageId,
          one.personId,
          one.part,
          one.numberId,
          one.membershipId,
          one.state,
          one.reason,
          one.cost,
          one.queuedAt,
          one.dueAt,
          now,
        ]),
      ],
    );
  }
}
const ROWS_A_STATEMENT = 500;

/** How many deliveries of these messages wait for a slot, a number each. */
export async function countWaiting(
  sql: Sql,
  messageIds: readonly number[],
): Promise<{ messageId: number; groupId: number | null; numberId: number; urgent: number; count: number }[]> {
  if (messageIds.length === 0) return [];
  return rows(
    sql,
    `SELECT d.message_id AS messageId, m.group_id AS groupId, d.number_id AS numberId, m.urgent, COUNT(*) AS count
     FROM deliveries d JOIN messages m ON m.id = d.message_id
     WHERE d.message_id IN (?) AND d.state = 'queued' AND d.queued_at IS NULL
     GROUP BY d.message_id, m.group_id, d.number_id, m.urgent ORDER BY d.message_id`,
    [messageIds],
  );
}

/** Locks the next deliveries of a message that wait for a slot of this number. */
export async function lockWaiting(
  sql: Sql,
  { messageId, numberId, limit }: { messageId: number; numberId: number; limit: number },
): Promise<(DeliveryKey & { attempt: number })[]> {
  return rows(
    sql,
    `SELECT message_id AS messageId, person_id AS personId, part, attempt FROM deliveries
     WHERE message_id = ? AND number_id = ? AND state = 'queued' AND queued_at IS NULL
     ORDER BY person_id, part LIMIT ? FOR UPDATE`,
    [messageId, numberId, limit],
  );
}

/** They have a slot each: their jobs are about to be queued. */
export async function markQueued(
  sql: Sql,
  slots: readonly { key: DeliveryKey; queuedAt: Date; dueAt: Date }[],
): Promise<void> {
  for (let from = 0; from < slots.length; from += ROWS_A_STATEMENT) {
    const some = slots.slice(from, from + ROWS_A_STATEMENT);
    await run(
      sql,
      `UPDATE deliveries d JOIN (${some.map(() => 'SELECT ? AS m, ? AS p, ? AS part, CAST(? AS DATETIME(3)) AS q, CAST(? AS DATETIME(3)) AS due').join(' UNION ALL ')}) v
       ON d.message_id = v.m AND d.person_id = v.p AND d.part = v.part SET d.queued_at = v.q, d.due_at = v.due`,
      some.flatMap(({ key, queuedAt, dueAt }) => [key.messageId, key.personId, key.part, queuedAt, dueAt]),
    );
  }
}

/** Back to waiting for a slot, where they are still queued for that try. */
export async function markWaitingAgain(sql: Sql, tries: readonly (DeliveryKey & { attempt: number })[]): Promise<void> {
  for (const { messageId, personId, part, attempt } of tries) {
    await run(
      sql,
      `UPDATE deliveries SET queued_at = NULL, due_at = NULL WHERE message_id = ? AND person_id = ? AND part = ? AND attempt = ? AND state = 'queued'`,
      [messageId, personId, part, attempt],
    );
  }
}

/** What a sender needs to know to send one delivery, as it is now. */
export type SendSheet = DeliveryKey & {
  state: DeliveryState;
  attempt: number;
  from: string;
  to: string;
  /** The phone said STOP. */
  blocked: number;
  /** They left, were removed, or the group is gone. */
  gone: number;
  /** Goes out to a blocked phone too. */
  anyway: number;
  numberId: number;
  cost: number;
  text: string;
  media: string | null;
};

export async function readSendSheets(sql: Sql, keys: readonly DeliveryKey[]): Promise<SendSheet[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.state, d.attempt, n.phone AS \`from\`, p.phone AS \`to\`,
       p.blocked_at IS NOT NULL AS blocked,
       m.kind = 'said' AND (b.id IS NULL OR b.live IS NULL OR b.left_at IS NOT NULL) AS gone, m.anyway,
       d.number_id AS numberId, d.cost, m.text, m.media
     FROM ${KEYS} STRAIGHT_JOIN deliveries d ON ${BY_KEY} JOIN messages m ON m.id = d.message_id
     JOIN people p ON p.id = d.person_id JOIN numbers n ON n.id = d.number_id
     LEFT JOIN memberships b ON b.id = d.membership_id`,
    [asTable(keys)],
  );
}

/**
 * Marks queued deliveries as being sent, one statement for those at the same try; answers those that this claim got.
 * Nobody else gets them: that is what keeps a text from going out twice when a job runs twice.
 */
export async function claimDeliveries<T extends DeliveryKey & { attempt: number }>(
  sql: Sql,
  { tries, claim, dueAt }: { tries: readonly T[]; claim: string; dueAt: Date },
): Promise<T[]> {
  const claimed: T[] = [];
  for (const attempt of new Set(tries.map((one) => one.attempt))) {
    const some = tries.filter((one) => one.attempt === attempt);
    const { affected } = await run(
      sql,
      `UPDATE ${KEYS} STRAIGHT_JOIN deliveries d ON ${BY_KEY}
       SET d.state = 'sending', d.attempt = d.attempt + 1, d.claim = ?, d.due_at = ? WHERE d.state = 'queued' AND d.attempt = ?`,
      [asTable(some), claim, dueAt, attempt],
    );
    claimed.push(...(affected === some.length ? some : await ofClaim(sql, some, claim)));
  }
  return claimed;
}

async function ofClaim<T extends DeliveryKey>(sql: Sql, keys: readonly T[], claim: string): Promise<T[]> {
  const got = await rows<DeliveryKey>(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part
     FROM ${KEYS} STRAIGHT_JOIN deliveries d ON ${BY_KEY} WHERE d.claim = ?`,
    [asTable(keys), claim],
  );
  const names = new Set(got.map(nameOf));
  return keys.filter((key) => names.has(nameOf(key)));
}

function nameOf({ messageId, personId, part }: DeliveryKey): string {
  return `${messageId}-${personId}-${part}`;
}

/** A delivery as the rules of its progress need it. */
export type DeliveryRow = DeliveryKey & {
  state: DeliveryState;
  attempt: number;
  pauses: number;
  fates: string;
  cost: number;
  charged: number;
  createdAt: Date;
  membershipId: number | null;
  numberId: number;
};

/** Locks deliveries, in the order of their keys, so that two batches never wait for each other. */
export async function lockDeliveries(sql: Sql, keys: readonly DeliveryKey[]): Promise<DeliveryRow[]> {
  return rows(
    sql,
    `SELECT d.message_id AS messageId, d.person_id AS personId, d.part, d.state, d.attempt, d.pauses, d.fates, d.cost, d.charged,
       d.created_at AS createdAt, d.membership_id AS membershipId, d.number_id AS numberId
     FROM ${KEYS} STRAIGHT_JOIN deliveries d ON ${BY_KEY} FOR UPDATE`,
    [asTable(keys)],
  );
}

/**
 * Writes that the carrier took the first try of these, without reading them first: those that nothing else was heard of
 * since their claim. Answers them; the others are left alone. `mark` is a name that nobody else uses.
 */
export async function writeAccepted<T extends DeliveryKey & { carrierId: string }>(
  sql: Sql,
  { accepted, fates, mark, now }: { accepted: readonly T[]; fates: string; mark: string; now: Date },
): Promise<readonly T[]> {
  const { affected } = await run(
    sql,
    `UPDATE ${KEYS} STRAIGHT_JOIN deliveries d ON ${BY_KEY}
     SET d.state = 'sent', d.fates = ?, d.charged = d.cost, d.carrier_id = k.carrier_id, d.claim = ?, d.queued_at = NULL,
       d.due_at = NULL, d.sent_at = ?
     WHERE d.state = 'sending' AND d.attempt = 1 AND d.fates = '' AND d.charged = 0`,
    [asTable(accepted), fates, mark, now],
  );
  return affected === accepted.length ? accepted : ofClaim(sql, accepted, mark);
}

/** What has become of a delivery; null leaves a column as it is. */
export type Progress = DeliveryKey & {
  numberId: number;
  state: DeliveryState;
  attempt: number;
  pauses: number;
  fates: string;
  charged: number;
  carrierId: string | null;
  errorCode: number | null;
  reason: string | null;
  queuedAt: Date | null;
  dueAt: Date | null;
  sentAt: Date | null;
  endedAt: Date | null;
};

/** Writes the progress of locked deliveries in one statement a hundred. */
export async function writeProgress(sql: Sql, progress: readonly Progress[]): Promise<void> {
  for (let from = 0; from < progress.length; from += ROWS_A_STATEMENT) {
    const some = progress.slice(from, from + ROWS_A_STATEMENT);
    // The rows exist and are locked, so this is an update of many rows that says each value once.
    await run(
      sql,
      `INSERT INTO deliveries (message_id, person_id, part, number_id, state, attempt, pauses, fates, charged, carrier_id, error_code,
         reason, queued_at, due_at, sent_at, ended_at, created_at) VALUES ?
       ON DUPLICATE KEY UPDATE state = VALUES(state), attempt = VALUES(attempt), pauses = VALUES(pauses), fates = VALUES(fates),
         charged = VALUES(charged), carrier_id = COALESCE(VALUES(carrier_id), carrier_id),
         error_code = COALESCE(VALUES(error_code), error_code), reason = COALESCE(VALUES(reason), reason), claim = NULL,
         queued_at = VALUES(queued_at), due_at = VALUES(due_at), sent_at = COALESCE(sent_at, VALUES(sent_at)),
         ended_at = VALUES(ended_at)`,
      [
        some.map((one): Binding[] => [
          one.messageId,
          one.personId,
          one.part,
          one.numberId,
          one.state,
          one.attempt,
          one.pauses,
          one.fates,
          one.charged,
          one.carrierId,
          one.errorCode,
          one.reason,
          one.queuedAt,
          one.dueAt,
          one.sentAt,
          one.endedAt,
          EPOCH,
        ]),
      ],
    );
  }
}

/** A column of an insert that only ever updates. */
const EPOCH = new Date(0);

/** Not sent after all: the phone is blocked or they are gone. Only where nobody has claimed it. */
export async function markSkipped(
  sql: Sql,
  { key, reason, now }: { key: DeliveryKey; reason: string; now: Date },
): Promise<void> {
  await run(
    sql,
    `UPDATE deliveries SET state = 'skipped', reason = ?, due_at = NULL, ended_at = ? WHERE message_id = ? AND person_id = ? AND part = ? AND state = 'queued'`,
    [reason, now, key.messageId, key.personId, key.part],
  );
}

/** Deliveries that something should have happened to by now, the most overdue first. */
export async function findOverdue(
  sql: Sql,
  { now, limit }: { now: Date; limit: number },
): Promise<(DeliveryKey & { state: DeliveryState; attempt: number })[]> {
  return rows(
    sql,
    'SELECT message_id AS messageId, person_id AS personId, part, state, attempt FROM deliveries WHERE due_at <= ? ORDER BY due_at LIMIT ?',
    [now, limit],
  );
}

/** Looks at these again then, where they are still queued. */
export async function postpone(sql: Sql, keys: readonly DeliveryKey[], until: Date): Promise<void> {
  await run(
    sql,
    `UPDATE ${KEYS} STRAIGHT_JOIN deliveries d ON ${BY_KEY} SET d.due_at = ? WHERE d.state = 'queued' AND d.due_at < ?`,
    [asTable(keys), until, until],
  );
}

/** All queues may be lost: whatever had a job is overdue as soon as that job was due. */
export async function recallQueued(sql: Sql, now: Date): Promise<void> {
  await run(
    sql,
    "UPDATE deliveries SET due_at = GREATEST(queued_at, ?) WHERE due_at >= ? AND state = 'queued' AND queued_at IS NOT NULL",
    [now, now],
  );
}

/**
 * Keys as a table: each finds its row by the primary key, however many there are, and in this order, so that two
 * statements that lock rows never wait for each other. MariaDB and MySQL 8 both have it.
 */
const KEYS = `JSON_TABLE(?, '$[*]' COLUMNS (message_id BIGINT UNSIGNED PATH '$[0]', person_id BIGINT UNSIGNED PATH '$[1]',
  part TINYINT UNSIGNED PATH '$[2]', carrier_id VARCHAR(64) PATH '$[3]')) k`;
const BY_KEY = 'd.message_id = k.message_id AND d.person_id = k.person_id AND d.part = k.part';

function asTable(keys: readonly (DeliveryKey & { carrierId?: string })[]): string {
  const sorted = keys.toSorted((a, b) => a.messageId - b.messageId || a.personId - b.personId || a.part - b.part);
  const distinct = sorted.filter((key, at) => at === 0 || nameOf(key) !== nameOf(sorted[at - 1] ?? key));
  return JSON.stringify(
    distinct.map(({ messageId, personId, part, carrierId }) => [messageId, personId, part, carrierId ?? null]),
  );
}
