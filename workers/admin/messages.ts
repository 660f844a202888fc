import { findMessages } from '../../db/messages/message-search.ts';
import { findSaidBy, type MessageSheet, readMessageSheet } from '../../db/messages/message-sheet.ts';
import { readTryName } from '../../engine/rules/try-name.ts';
import { type Call, NotPossible } from './command.ts';

/**
 * The message that an operator names: by its row, which `message find` and the log have; by one of its deliveries, as report
 * addresses and job names have them; or by an id of the carrier, of the text that said it or of a text of the last week that
 * went out for it. Throws `NotPossible` where there is none.
 */
export async function messageOf({ db, now }: Pick<Call, 'db' | 'now'>, written: string): Promise<MessageSheet> {
  const id = await rowOf({ db, now }, written);
  const sheet = id === undefined ? undefined : await readMessageSheet(db, id);
  if (sheet === undefined) throw new NotPossible(`There is no message ${written}: see message find.`);
  return sheet;
}

async function rowOf({ db, now }: Pick<Call, 'db' | 'now'>, written: string): Promise<number | undefined> {
  if (/^\d{1,15}$/.test(written)) return Number(written);
  const delivery = readTryName(written);
  if (delivery !== null) return delivery.messageId;
  const said = await findSaidBy(db, written);
  if (said !== undefined) return said;
  const from = new Date(now.getTime() - WEEK_MS);
  return (await findMessages(db, { from, until: now, carrierId: written }, 1))[0]?.id;
}
const WEEK_MS = 7 * 86_400_000;

/** `message 12 (no. 3 of "Hikers")`. */
export function nameOf({ id, messageId, group }: MessageSheet): string {
  return messageId === null ? `message ${id} (of ours)` : `message ${id} (no. ${messageId} of "${group}")`;
}
