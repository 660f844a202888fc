import { row, rows, run, type Sql, type Tx } from '../connect.ts';
import { keepMedia } from './media.ts';
import { readMedia, writeMedia } from './messages.ts';

/** One of the media of a message, by its place in the list. */
export type CopyKey = { messageId: number; place: number };

export type DueCopy = CopyKey & {
  tries: number;
  /** Where it is now; null where the message has it no longer. */
  media: string | null;
  /** Who sent it. */
  personId: number | null;
  acceptedAt: Date;
};

/** Notes media that are to be copied, in the transaction of their messages. */
export async function insertMediaCopies(tx: Tx, copies: readonly CopyKey[]): Promise<void> {
  await run(
    tx,
    `INSERT INTO media_copies (message_id, place, due_at) VALUES ${Array.from(copies, () => '(?, ?, NOW(3))').join(', ')}`,
    copies.flatMap(({ messageId, place }) => [messageId, place]),
  );
}

/** Those whose time has come, the longest due first. */
export async function findDueCopies(sql: Sql, limit: number): Promise<DueCopy[]> {
  const found = await rows<Omit<DueCopy, 'media'> & { media: string | null }>(
    sql,
    `SELECT c.message_id AS messageId, c.place, c.tries, m.media, f.person_id AS personId, m.accepted_at AS acceptedAt
     FROM (SELECT message_id, place, tries, due_at FROM media_copies WHERE due_at <= NOW(3) ORDER BY due_at LIMIT ?) c
     JOIN messages m ON m.id = c.message_id LEFT JOIN memberships f ON f.id = m.sender_id ORDER BY c.due_at`,
    [limit],
  );
  return found.map((one) => ({ ...one, media: readMedia(one.media)[one.place] ?? null }));
}

/** Takes one for a try; false where somebody else has. Whoever does not come back loses it after some seconds. */
export async function takeCopy(
  sql: Sql,
  { messageId, place, tries, seconds }: CopyKey & { tries: number; seconds: number },
): Promise<boolean> {
  const { affected } = await run(
    sql,
    `UPDATE media_copies SET tries = tries + 1, due_at = NOW(3) + INTERVAL ? SECOND
     WHERE message_id = ? AND place = ? AND tries = ? AND due_at <= NOW(3)`,
    [seconds, messageId, place, tries],
  );
  return affected > 0;
}

export async function postponeCopy(sql: Sql, { messageId, place }: CopyKey, seconds: number): Promise<void> {
  await run(sql, 'UPDATE media_copies SET due_at = NOW(3) + INTERVAL ? SECOND WHERE message_id = ? AND place = ?', [
    seconds,
    messageId,
    place,
  ]);
}

export async function dropCopy(sql: Sql, { messageId, place }: CopyKey): Promise<void> {
  await run(sql, 'DELETE FROM media_copies WHERE message_id = ? AND place = ?', [messageId, place]);
}

/**
 * From now on the message has what is in our store in place of the address that was copied. False where it has that address no
 * longer: its contents were deleted meanwhile, or somebody else was faster. Then the copy is left to be deleted.
 */
export async function putCopy(
  tx: Tx,
  { messageId, place, from, to, mediaId }: CopyKey & { from: string; to: string; mediaId: number },
): Promise<boolean> {
  const message = await row<{ media: string | null }>(tx, 'SELECT media FROM messages WHERE id = ? FOR UPDATE', [
    messageId,
  ]);
  const media = readMedia(message?.media ?? null);
  await dropCopy(tx, { messageId, place });
  if (media[place] !== from) return false;
  await run(tx, 'UPDATE messages SET media = ? WHERE id = ?', [writeMedia(media.with(place, to)), messageId]);
  await keepMedia(tx, [mediaId]);
  return true;
}
