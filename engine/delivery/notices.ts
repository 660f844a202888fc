import type { Tx } from '../../db/connect.ts';
import { countWaiting, insertDeliveries } from '../../db/deliveries/deliveries.ts';
import { insertNotice } from '../../db/messages/messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { splitAnswer } from '../rules/text.ts';
import { dispatch } from './reservations.ts';

/** A text of ours. `urgent` ones (PINs, answers) go before messages. */
export type Notice = {
  groupId: number | null;
  text: string;
  to: readonly Addressee[];
  urgent: boolean;
  /** Goes out to a phone that is blocked: the one confirmation of a STOP. */
  anyway?: boolean;
  /** The text holds a PIN: it is emptied then. */
  wipeAt?: Date;
};
/** A phone, and the number of ours from which it gets the text. */
export type Addressee = { personId: number; membershipId: number | null; numberId: number };

/** Keeps notices with their deliveries in the caller's transaction. Returns their rows. They go out by `startNotices`. */
export async function writeNotices(tx: Tx, notices: readonly Notice[], now: Date): Promise<number[]> {
  const ids: number[] = [];
  for (const { text, ...notice } of notices.filter(({ to }) => to.length > 0)) {
    for (const part of splitAnswer(text)) ids.push(await writeNotice(tx, { ...notice, text: part }, now));
  }
  return ids;
}

/** After the commit. Best effort: what is not queued now, the sweeper finds. */
export async function startNotices(runtime: Runtime, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  try {
    const waiting = await countWaiting(runtime.db, ids);
    await dispatch(
      runtime,
      waiting.map(({ groupId, urgent, ...turn }) => ({ ...turn, groupId: groupId ?? 0, urgent: urgent === 1 })),
    );
  } catch (err) {
    runtime.log.warn({ err, messages: ids }, 'notices were kept but not queued; the sweeper will');
  }
}

async function writeNotice(tx: Tx, notice: Notice, now: Date): Promise<number> {
  const id = await insertNotice(tx, { ...notice, now });
  await insertDeliveries(
    tx,
    notice.to.map(({ personId, membershipId, numberId }) => ({
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
