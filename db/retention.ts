import { placeholders, row, rows, run, type Tx } from './connect.ts';

/*
 * What is too old is deleted in small pieces, in the order of a key, each in a transaction of its own: it holds few locks for
 * a moment, and one that dies half-way is simply gone on with.
 */

/** What is deleted, or looked through in the same way; the name of its row in `purges`. */
export type Purged = 'deliveries' | 'texts' | 'inbound' | 'events' | 'hooks' | 'paid' | 'paid-late';

/** How many rows one piece is. */
const PIECE = 500;

/** How far it came; undefined where another process is at it. Held until the end of the transaction. */
export async function holdPurge(tx: Tx, what: Purged): Promise<number | undefined> {
  const held = () =>
    row<{ uptoId: number }>(tx, 'SELECT upto_id AS uptoId FROM purges WHERE what = ? FOR UPDATE SKIP LOCKED', [what]);
  const found = await held();
  if (found !== undefined) return found.uptoId;
  await run(tx, 'INSERT IGNORE INTO purges (what, upto_id) VALUES (?, 0)', [what]);
  return (await held())?.uptoId;
}

/** Deletes deliveries of messages before this one, and keeps what the carriers charged for them. Returns how many. */
export async function deleteDeliveries(
  tx: Tx,
  { uptoId, before }: { uptoId: number; before: number },
): Promise<number> {
  const found = await rows<{ messageId: number; day: string; hundredths: number }>(
    tx,
    `SELECT message_id AS messageId, DATE_FORMAT(created_at, '%Y-%m-%d') AS day, carrier_cost AS hundredths FROM deliveries
     WHERE message_id > ? AND message_id < ? ORDER BY message_id, person_id, part LIMIT ${PIECE}`,
    [uptoId, before],
  );
  const first = found[0]?.messageId;
  const last = found.at(-1)?.messageId;
  if (first === undefined || last === undefined) {
    await advancePurge(tx, 'deliveries', Math.max(uptoId, before - 1));
    return 0;
  }
  // The last message may have more rows than were read: it is for the next piece, unless it is all there is.
  const isAll = found.length < PIECE;
  const whole = isAll || first === last ? found : found.filter(({ messageId }) => messageId < last);
  const upto = whole.at(-1)?.messageId ?? last;
  await run(
    tx,
    `DELETE FROM deliveries WHERE message_id > ? AND message_id <= ? ORDER BY message_id, person_id, part LIMIT ${whole.length}`,
    [uptoId, upto],
  );
  await keepCosts(tx, whole);
  await advancePurge(tx, 'deliveries', isAll || first !== last ? upto : first - 1);
  return whole.length;
}

async function keepCosts(tx: Tx, deleted: readonly { day: string; hundredths: number }[]): Promise<void> {
  const days = new Map<string, { texts: number; hundredths: number }>();
  for (const { day, hundredths } of deleted) {
    if (hundredths === 0) continue;
    const known = days.get(day) ?? { texts: 0, hundredths: 0 };
    days.set(day, { texts: known.texts + 1, hundredths: known.hundredths + hundredths });
  }
  if (days.size === 0) return;
  await run(
    tx,
    `INSERT INTO purged_costs (day, texts, hundredths) VALUES ${placeholders(days.size, 3)}
     ON DUPLICATE KEY UPDATE texts = texts + VALUES(texts), hundredths = hundredths + VALUES(hundredths)`,
    [...days].flatMap(([day, { texts, hundredths }]) => [day, texts, hundredths]),
  );
}

/** Empties the texts of messages before this one, which keep their ids. Returns how many messages were looked at. */
export async function emptyTexts(tx: Tx, { uptoId, before }: { uptoId: number; before: number }): Promise<number> {
  const upto = Math.min(uptoId + PIECE, before - 1);
  if (upto <= uptoId) return 0;
  await run(
    tx,
    "UPDATE messages SET text = '', media = NULL, redact_at = NULL WHERE id > ? AND id <= ? AND pending IS NULL",
    [uptoId, upto],
  );
  await advancePurge(tx, 'texts', upto);
  return upto - uptoId;
}

/** Schedules that were sent, dropped or deleted. Returns how many went. */
export async function deleteSchedules(tx: Tx, endedBefore: Date): Promise<number> {
  const { affected } = await run(tx, `DELETE FROM schedules WHERE ended_at < ? ORDER BY ended_at LIMIT ${PIECE}`, [
    endedBefore,
  ]);
  return affected;
}

/** Polls with their answers. Returns how many went. */
export async function deletePolls(tx: Tx, openedBefore: Date): Promise<number> {
  const { affected } = await run(tx, `DELETE FROM polls WHERE opened_at < ? ORDER BY opened_at LIMIT ${PIECE}`, [
    openedBefore,
  ]);
  return affected;
}

/** The ids of inbound texts, which guard against repeats. Returns how many went. */
export async function deleteInbound(tx: Tx, before: Date): Promise<number> {
  const { affected } = await run(
    tx,
    `DELETE FROM inbound_texts WHERE received_at < ? ORDER BY received_at LIMIT ${PIECE}`,
    [before],
  );
  return affected;
}

/** What happened in groups beside messages. Returns how many went. */
export async function deleteGroupEvents(tx: Tx, before: Date): Promise<number> {
  const { affected } = await run(tx, `DELETE FROM group_events WHERE at < ? ORDER BY at LIMIT ${PIECE}`, [before]);
  return affected;
}

/** What went to hooks, or was given up. Returns how many went. */
export async function deleteHookEvents(tx: Tx, before: Date): Promise<number> {
  const { affected } = await run(
    tx,
    `DELETE FROM hook_events WHERE created_at < ? AND state <> 'waiting' ORDER BY created_at LIMIT ${PIECE}`,
    [before],
  );
  return affected;
}

/** So far everything is done; under the lock of `holdPurge`. */
export async function advancePurge(tx: Tx, what: Purged, uptoId: number): Promise<void> {
  await run(tx, 'UPDATE purges SET upto_id = ? WHERE what = ?', [uptoId, what]);
}
