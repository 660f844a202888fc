import { rows, run, type Sql } from '../connect.ts';
import { SUSPENDED } from './barred.ts';
import { asTable as asDeliveryTable, DELIVERIES, type DeliveryKey, jsonTable, keysWith } from './delivery-keys.ts';
import { WAITING } from './pending-messages.ts';

/** Names one batch: tries of one message, through one number, that go out together. */
export type BatchKey = { messageId: number; batch: number };
/** A batch with all whom it is for: the same part of the message, at the same try. */
export type Batch = BatchKey & { part: number; attempt: number; to: readonly number[] };
/** A key as one text, to find it in a set. */
export function batchName({ messageId, batch }: { messageId: number; batch: number | null }): string {
  return `${messageId}-${batch}`;
}

/**
 * `cost`: pennies that one try of each costs; `slotAt`: from then on it could be sent; `groupId`: whose texts it keeps
 * the order of, 0 for none; all of its people are from `firstPerson` to `lastPerson`.
 */
export type NewBatch = BatchKey & {
  numberId: number;
  groupId: number;
  firstPerson: number;
  lastPerson: number;
  cost: number;
  slotAt: Date;
  dueAt: Date;
};

export async function insertBatches(sql: Sql, batches: readonly NewBatch[]): Promise<void> {
  if (batches.length === 0) return;
  const columns = 'message_id, id, number_id, group_id, first_person, last_person, cost, slot_at, due_at';
  await run(sql, `INSERT INTO batches (${columns}) VALUES ?`, [
    batches.map((one) => [
      one.messageId,
      one.batch,
      one.numberId,
      one.groupId,
      one.firstPerson,
      one.lastPerson,
      one.cost,
      one.slotAt,
      one.dueAt,
    ]),
  ]);
}

/** What a sender needs to know to send a batch that nobody has claimed, as it is now. */
export type BatchPayload = BatchKey & {
  numberId: number;
  cost: number;
  /** Who pays for it, and what was reserved for that; null as in `Payer`. */
  payerId: number | null;
  held: number | null;
  text: string;
  media: string | null;
  groupId: number | null;
  version: number;
  tag: number;
  /** Nobody was blocked, left or was removed since the message was accepted: its roster says who gets it. */
  unchanged: number;
  /**
   * Names, with commas between, of batches of earlier messages of the group that are about to go to some of the same people,
   * with `UNCLAIMED` behind the name, or are on their way; null where there are none.
   */
  behind: string | null;
  /** Of the webhook or call that it came by. */
  requestId: string | null;
  /** It was cancelled, or who pays for it has nothing left. */
  barred: number;
};

export const UNCLAIMED = ' waits';
/** In place of a claim: what the batch was to send waits for another slot, and later messages of the group for that. */
export const DISSOLVED = '-';

/**
 * `claimGraceMs`: a batch that was claimed is under way until so long before it is due. Nobody waits for ever for one that
 * was not: the sweeper puts it in line again once it is due, and where that does nothing for ten minutes, it is lost.
 */
export async function readBatchPayloads(
  sql: Sql,
  { batches, claimGraceMs }: { batches: readonly Batch[]; claimGraceMs: number },
): Promise<BatchPayload[]> {
  return rows(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch, c.number_id AS numberId, c.cost, m.payer_id AS payerId, m.held, m.text, m.media, m.request_id AS requestId,
       NULLIF(m.group_id, 0) AS groupId, m.roster_version AS version, m.roster_tag AS tag,
       COALESCE(m.kind = 'said' AND g.state = 'active' AND (g.roster_version, g.roster_tag) = (m.roster_version, m.roster_tag), 0) AS unchanged,
       IF(c.group_id = 0, NULL, (SELECT GROUP_CONCAT(e.message_id, '-', e.id, IF(e.claim IN ('', '${DISSOLVED}'), '${UNCLAIMED}', '')) FROM batches e WHERE ${GOES_BEFORE}
         AND CASE e.claim WHEN '' THEN e.due_at > NOW(3) - INTERVAL 10 MINUTE
           WHEN '${DISSOLVED}' THEN e.due_at > NOW(3) AND (SELECT w.pending FROM messages w WHERE w.id = e.message_id) = ${WAITING}
           ELSE e.due_at > NOW(3) + INTERVAL ? MICROSECOND END)) AS behind,
       COALESCE(m.cancelled_at IS NOT NULL OR (m.kind = 'said' AND ${SUSPENDED}), 0) AS barred
     FROM ${KEYS} ${BATCHES} JOIN messages m ON m.id = c.message_id
     LEFT JOIN \`groups\` g ON g.id = m.group_id
     LEFT JOIN accounts a ON a.id = m.payer_id WHERE c.claim = ''`,
    [claimGraceMs * 1000, asTable(batches)],
  );
}

/**
 * Marks batches as being sent. Returns those that this claim got; nobody else gets them, which keeps a text from going
 * out twice when its job runs twice. A second try says so in its delivery as well, in the same statement: what is heard
 * of the first one meanwhile must not start a third.
 */
export async function claimBatches<T extends Batch>(
  sql: Sql,
  { batches, claim, dueAt }: { batches: readonly T[]; claim: string; dueAt: Date },
): Promise<T[]> {
  const firsts = batches.filter(({ attempt }) => attempt === 1);
  const retries = batches.filter(({ attempt }) => attempt > 1);
  const claimed = firsts.length === 0 ? 0 : await claimFirstTries(sql, { batches: firsts, claim, dueAt });
  if (retries.length > 0) await claimRetries(sql, { batches: retries, claim, dueAt });
  if (retries.length === 0 && claimed === firsts.length) return [...batches];
  const got = await rows<BatchKey>(
    sql,
    `SELECT c.message_id AS messageId, c.id AS batch FROM ${KEYS} ${BATCHES} WHERE c.claim = ?`,
    [asTable(batches), claim],
  );
  const names = new Set(got.map(batchName));
  return batches.filter((batch) => names.has(batchName(batch)));
}

type Claiming = { batches: readonly Batch[]; claim: string; dueAt: Date };

async function claimFirstTries(sql: Sql, { batches, claim, dueAt }: Claiming): Promise<number> {
  const { affected } = await run(sql, `UPDATE ${KEYS} ${BATCHES} SET c.claim = ?, c.due_at = ? WHERE c.claim = ''`, [
    asTable(batches),
    claim,
    dueAt,
  ]);
  return affected;
}

/** Undoes claims, where they hold, before anything was sent. */
export async function releaseClaims(sql: Sql, claimed: readonly (Batch & { claim: string })[]): Promise<void> {
  const claims = [...new Set(claimed.map(({ claim }) => claim))];
  const firsts = claimed.filter(({ attempt }) => attempt === 1);
  const retries = claimed.filter(({ attempt }) => attempt > 1);
  if (firsts.length > 0)
    await run(sql, `UPDATE ${KEYS} ${BATCHES} SET c.claim = '' WHERE c.claim IN (?)`, [asTable(firsts), claims]);
  if (retries.length === 0) return;
  await run(
    sql,
    `UPDATE ${TRIES} SET c.claim = '', d.state = 'queued', d.attempt = k.attempt - 1
     WHERE c.claim IN (?) AND d.state = 'sending' AND d.attempt = k.attempt`,
    [asTries(retries), claims],
  );
}

async function claimRetries(sql: Sql, { batches, claim, dueAt }: Claiming): Promise<void> {
  await run(
    sql,
    `UPDATE ${TRIES}
     SET c.claim = ?, c.due_at = ?, d.state = 'sending', d.attempt = k.attempt
     WHERE c.claim = '' AND d.state = 'queued' AND d.attempt + 1 = k.attempt`,
    [asTries(batches), claim, dueAt],
  );
}

export function deliveriesOf({
  to,
  messageId,
  batch,
  part,
  attempt,
}: Batch): (DeliveryKey & BatchKey & { attempt: number })[] {
  return to.map((personId) => ({ messageId, personId, part, batch, attempt }));
}

/** Each of their deliveries has an outcome, or is looked after by itself. */
export async function endBatches(sql: Sql, keys: readonly BatchKey[]): Promise<void> {
  if (keys.length === 0) return;
  await run(sql, `DELETE c FROM ${KEYS} ${BATCHES}`, [asTable(keys)]);
}

/** What they were to send has moved on: nothing is left to claim. */
export async function dropUnclaimed(sql: Sql, keys: readonly BatchKey[]): Promise<void> {
  if (keys.length === 0) return;
  await run(sql, `DELETE c FROM ${KEYS} ${BATCHES} WHERE c.claim = ''`, [asTable(keys)]);
}

/**
 * Batches of later messages of the same groups, from the same numbers to some of the same people, that nobody has claimed:
 * those that would overtake these. Some at once; looks at each group and number once, from the earliest message on.
 */
export async function findBehind(sql: Sql, keys: readonly BatchKey[]): Promise<BatchKey[]> {
  if (keys.length === 0) return [];
  const found = await rows<BatchKey>(
    sql,
    `SELECT e.message_id AS messageId, e.id AS batch FROM (
       SELECT c.group_id, c.number_id, MIN(c.message_id) AS message_id, MIN(c.first_person) AS first_person, MAX(c.last_person) AS last_person
       FROM ${KEYS} ${BATCHES} WHERE c.claim = '' AND c.group_id <> 0 GROUP BY c.group_id, c.number_id) f
     STRAIGHT_JOIN batches e FORCE INDEX (batches_order) ON e.group_id = f.group_id AND e.number_id = f.number_id
       AND e.message_id > f.message_id AND e.first_person <= f.last_person AND e.last_person >= f.first_person
     WHERE e.claim = '' LIMIT ?`,
    [asTable(keys), BEHIND_AT_ONCE],
  );
  const known = new Set(keys.map(batchName));
  return found.filter((batch) => !known.has(batchName(batch)));
}
const BEHIND_AT_ONCE = 1_000;

/**
 * The first batches of later messages of the same group, through the same number, that nobody has claimed and that could be sent,
 * in their order; none for what is of no group.
 */
export async function findNext(
  sql: Sql,
  { messageId, numberId, limit }: { messageId: number; numberId: number; limit: number },
): Promise<(BatchKey & { slotAt: Date; text: string; media: string | null })[]> {
  return rows(
    sql,
    `SELECT e.message_id AS messageId, e.id AS batch, e.slot_at AS slotAt, m.text, m.media
     FROM messages c STRAIGHT_JOIN batches e FORCE INDEX (batches_order)
       ON e.group_id = c.group_id AND e.number_id = ? AND e.message_id > c.id STRAIGHT_JOIN messages m ON m.id = e.message_id
     WHERE c.id = ? AND c.group_id <> 0 AND e.claim = '' AND e.slot_at <= NOW(3) ORDER BY e.message_id, e.id LIMIT ?`,
    [numberId, messageId, limit],
  );
}

export const KEYS = jsonTable(['message_id BIGINT UNSIGNED', 'batch BIGINT UNSIGNED']);
/** Their rows, as `c`, behind a table of keys; by the primary key, as `DELIVERIES` are. */
export const BATCHES =
  'STRAIGHT_JOIN batches c FORCE INDEX (PRIMARY) ON c.message_id = k.message_id AND c.id = k.batch';

/** `e` is of an earlier message of the group of `c`, from the same number, and may be for some of the same people. */
export const GOES_BEFORE = `e.group_id = c.group_id AND e.number_id = c.number_id AND e.message_id < c.message_id
  AND e.first_person <= c.last_person AND e.last_person >= c.first_person`;

/** Tries of one delivery each, and their rows as `c` and `d`. */
const TRIES = `${keysWith('batch BIGINT UNSIGNED', 'attempt SMALLINT UNSIGNED')}
  ${BATCHES} ${DELIVERIES} AND d.batch = k.batch`;
function asTries(batches: readonly Batch[]): string {
  return asDeliveryTable(batches.flatMap(deliveriesOf), ({ batch, attempt }) => [batch, attempt]);
}

/** In the order in which everybody locks them. */
export function asTable(keys: readonly BatchKey[]): string {
  const sorted = keys.toSorted((a, b) => a.messageId - b.messageId || a.batch - b.batch);
  return JSON.stringify(sorted.map(({ messageId, batch }) => [messageId, batch]));
}
