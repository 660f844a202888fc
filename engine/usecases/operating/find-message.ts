import type { Sql } from '../../../db/connect.ts';
import { findMessages } from '../../../db/messages/message-search.ts';
import { findSaidBy, type MessageSheet, readMessageSheet } from '../../../db/messages/message-sheet.ts';
import { readId } from '../../rules/ids.ts';
import { readTryName } from '../../rules/try-name.ts';

/**
 * The message that an operator names: by its row, which `message find` and the log have; by one of its deliveries, as report
 * addresses and job names have them; or by an id of the carrier, of the text that said it or of a text of the last week that
 * went out for it.
 */
export async function findMessage(sql: Sql, written: string, now: Date): Promise<MessageSheet | undefined> {
  const id = await rowOf(sql, written, now);
  return id === undefined ? undefined : readMessageSheet(sql, id);
}

async function rowOf(sql: Sql, written: string, now: Date): Promise<number | undefined> {
  const id = readId(written);
  if (id !== null) return id;
  const delivery = readTryName(written);
  if (delivery !== null) return delivery.messageId;
  const said = await findSaidBy(sql, written);
  if (said !== undefined) return said;
  const from = new Date(now.getTime() - WEEK_MS);
  return (await findMessages(sql, { from, until: now, carrierId: written }, 1))[0]?.id;
}
const WEEK_MS = 7 * 86_400_000;

/** `message 12 (no. 3 of "Hikers")`. */
export function nameOfMessage({ id, messageId, group }: MessageSheet): string {
  return messageId === null ? `message ${id} (of ours)` : `message ${id} (no. ${messageId} of "${group}")`;
}
