import type { Tx } from '../../db/connect.ts';
import { countWaiting, insertDeliveries } from '../../db/deliveries/deliveries.ts';
import { insertSystemMessage } from '../../db/messages/messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { splitAnswer } from '../rules/text.ts';
import { dispatch } from './reservations.ts';

/** A text of ours. `urgent` ones (PINs, answers) go before messages. */
export type SystemMessage = {
  groupId: number | null;
  text: string;
  to: readonly Addressee[];
  urgent: boolean;
  /** Goes out to a phone that is blocked: the one confirmation of a STOP. */
  ignoreOptOut?: boolean;
  /** The text holds a PIN: it is emptied then. */
  redactAt?: Date;
};
/** A phone, and the number of ours from which it gets the text. */
export type Addressee = { personId: number; membershipId: number | null; numberId: number };

/** Keeps system messages with their deliveries in the caller's transaction. Returns their rows. They go out by `startSystemMessages`. */
export async function writeSystemMessages(tx: Tx, messages: readonly SystemMessage[], now: Date): Promise<number[]> {
  const ids: number[] = [];
  for (const { text, ...message } of messages.filter(({ to }) => to.length > 0)) {
    for (const part of splitAnswer(text)) ids.push(await writeSystemMessage(tx, { ...message, text: part }, now));
  }
  return ids;
}

/** After the commit. Best effort: what is not queued now, the sweeper finds. */
export async function startSystemMessages(runtime: Runtime, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  try {
    const waiting = await countWaiting(runtime.db, ids);
    await dispatch(
      runtime,
      waiting.map(({ groupId, urgent, ...turn }) => ({ ...turn, groupId: groupId ?? 0, urgent: urgent === 1 })),
    );
  } catch (err) {
    runtime.log.warn({ err, messages: ids }, 'system messages were kept but not queued; the sweeper will');
  }
}

async function writeSystemMessage(tx: Tx, message: SystemMessage, now: Date): Promise<number> {
  const id = await insertSystemMessage(tx, { ...message, now });
  await insertDeliveries(
    tx,
    message.to.map(({ personId, membershipId, numberId }) => ({
      messageId: id,
      personId,
      part: 0,
      numberId,
      membershipId,
      state: 'queued',
      reason: null,
      cost: 0,
      queuedAt: null,
      batch: null,
    })),
    now,
  );
  return id;
}
