import type { MessageSheet } from '../../db/messages/message-sheet.ts';
import { findMessage } from '../../engine/usecases/operating/find-message.ts';
import { type Call, NotPossible } from './command.ts';

/** The message that an operator names, in any of the ways of `findMessage`. Throws `NotPossible` where there is none. */
export async function messageOf({ db, now }: Pick<Call, 'db' | 'now'>, written: string): Promise<MessageSheet> {
  const sheet = await findMessage(db, written, now);
  if (sheet === undefined) throw new NotPossible(`There is no message ${written}: see message find.`);
  return sheet;
}

export { nameOfMessage as nameOf } from '../../engine/usecases/operating/find-message.ts';
