import type { Tx } from '../../db/connect.ts';
import { countAnswerSegments, insertAnswerText } from '../../db/messages/answer-texts.ts';
import { countSegments } from '../rules/segments.ts';
import { splitAnswer } from '../rules/text.ts';
import type { WrittenMessage } from './system-message.ts';

/**
 * Leaves out the answers that are more than a member gets by SMS in an hour; an app has them from its call all the same. The
 * confirmation of a STOP always goes out.
 */
export async function leaveOutAnswers(
  tx: Tx,
  messages: readonly WrittenMessage[],
  now: Date,
): Promise<WrittenMessage[]> {
  const due: WrittenMessage[] = [];
  for (const message of messages) if (await mayGo(tx, message, now)) due.push(message);
  return due;
}

/** From the contract. */
const SEGMENTS_PER_HOUR = 60;
const HOUR_MS = 3_600_000;

async function mayGo(tx: Tx, { answers, ignoreOptOut, text, to }: WrittenMessage, now: Date): Promise<boolean> {
  const [asked] = to;
  if (answers !== true || ignoreOptOut === true || asked === undefined) return true;
  const { personId } = asked;
  const segments = splitAnswer(text).reduce((sum, part) => sum + countSegments(part).segments, 0);
  const before = await countAnswerSegments(tx, { personId, since: new Date(now.getTime() - HOUR_MS) });
  // The first of an hour goes out, however long it is.
  if (before > 0 && before + segments > SEGMENTS_PER_HOUR) return false;
  await insertAnswerText(tx, { personId, segments, now });
  return true;
}
