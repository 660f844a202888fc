import { readClock } from '../../db/clock.ts';
import type { Tx } from '../../db/connect.ts';
import { countWaiting, insertDeliveries } from '../../db/deliveries/deliveries.ts';
import { insertFirstTexts } from '../../db/messages/first-texts.ts';
import { insertSystemMessage, type Origin } from '../../db/messages/messages.ts';
import { insertConsents } from '../../db/people/consents.ts';
import { takeUntoldToday } from '../../db/people/told.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { Cause } from '../rules/budgets.ts';
import { splitAnswer } from '../rules/text.ts';
import { leaveOutAnswers } from './answer-budget.ts';
import { type Planned, planFirstTexts, releaseFirstTexts } from './first-texts.ts';
import { enqueueRequests } from './reservations.ts';
import type { SystemMessage, WrittenMessage } from './system-message.ts';
import { writeInLanguages } from './written-messages.ts';

export type { Addressee, SystemMessage } from './system-message.ts';

/**
 * The one door of free texts. Keeps system messages with their deliveries in the caller's transaction, and takes what
 * reaches a phone for the first time from the budgets of who caused it: beyond them, what a member or the system causes
 * waits, and what a stranger causes is refused with a `DomainError`. Returns the rows of what may go out now; it does by
 * `startSystemMessages`.
 */
export async function writeSystemMessages(
  runtime: Runtime,
  tx: Tx,
  { cause, messages, now, requestId = null, origin = null }: Caused,
): Promise<number[]> {
  const written = await writeInLanguages(tx, messages);
  const due = await leaveOutAnswers(tx, await leaveOutTold(tx, written, now), now);
  const parts = due.flatMap(({ text, ...message }) => splitAnswer(text).map((part) => ({ ...message, text: part })));
  const ids: number[] = [];
  const all = await planFirstTexts(runtime, tx, { cause, messages: parts, now });
  await recordAsked(tx, due, { cause, now });
  for (const planned of all) {
    const own = origin?.groupId === planned.message.groupId ? takeOrigin(origin) : null;
    const id = await writeSystemMessage(tx, planned, { now, requestId, origin: own });
    if (planned.retryAt === null) ids.push(id);
  }
  return ids;
}

type Caused = {
  cause: Cause;
  messages: readonly SystemMessage[];
  now: Date;
  /** Of the webhook or call that caused them. */
  requestId?: string | null;
  origin?: NewOrigin | null;
};

/** Of a text: the first message that it leaves in its group takes it. */
export type NewOrigin = Origin & { isTaken: boolean };

export function takeOrigin(origin: NewOrigin | null): Buffer | null {
  if (origin === null || origin.isTaken) return null;
  origin.isTaken = true;
  return origin.origin;
}

/** Keeps texts that an operator sends, who answers for them: no budget counts them. The sweeper puts them in line. */
export async function writeOperatorMessages(tx: Tx, messages: readonly SystemMessage[], now: Date): Promise<void> {
  const written = await writeInLanguages(tx, messages);
  await recordAsked(tx, written, { cause: { by: 'system' }, now });
  for (const message of written)
    if (message.to.length > 0)
      await writeSystemMessage(tx, { message, first: [], retryAt: null }, { now, requestId: null, origin: null });
}

/** Somebody who is added again and again, or asked, gets the same text once. */
async function leaveOutTold(tx: Tx, messages: readonly WrittenMessage[], now: Date): Promise<WrittenMessage[]> {
  const due: WrittenMessage[] = [];
  for (const message of messages) {
    const { once, groupId, to } = message;
    if (once === undefined) due.push(message);
    else {
      const told = { personIds: to.map(({ personId }) => personId), subject: `${once}:${groupId}`, now };
      const untold = await takeUntoldToday(tx, told);
      due.push({ ...message, to: to.filter(({ personId }) => untold.has(personId)) });
    }
  }
  return due;
}

/** Who was asked for what, on whose behalf, in which words: also where the text waits for a budget. */
async function recordAsked(
  tx: Tx,
  messages: readonly WrittenMessage[],
  { cause, now }: { cause: Cause; now: Date },
): Promise<void> {
  const byId = cause.by === 'member' ? cause.personId : null;
  const asked = messages.flatMap(({ asks, to }) => {
    if (asks === undefined) return [];
    const { about, groupId, wording } = asks;
    const entry = { kind: 'asked', about, groupId, numberId: null, byId, way: 'text', asked: wording } as const;
    return to.map(({ personId }) => ({ ...entry, personId, wording: null, carrierId: null }));
  });
  await insertConsents(tx, asked, now);
}

/** After the commit. Best effort: what is not queued now, the sweeper finds. */
export async function startSystemMessages(runtime: Runtime, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  try {
    const waiting = await countWaiting(runtime.db, ids);
    await enqueueRequests(runtime, waiting);
  } catch (err) {
    warnRarely(runtime.log, { err, messages: ids }, 'system messages were kept but not queued; the sweeper will');
  }
}

/** Sends what waited for a budget and has room now. Returns how many texts. */
export async function sendHeld(runtime: Runtime): Promise<number> {
  const ids = await releaseFirstTexts(runtime, await readClock(runtime.db));
  await startSystemMessages(runtime, ids);
  return ids.length;
}

async function writeSystemMessage(
  tx: Tx,
  { message, first, retryAt }: Planned,
  { now, requestId, origin }: { now: Date; requestId: string | null; origin: Buffer | null },
): Promise<number> {
  const id = await insertSystemMessage(tx, { ...message, held: retryAt !== null, requestId, origin, now });
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
  await insertFirstTexts(
    tx,
    first.map((one) => ({ ...one, messageId: id, retryAt })),
    now,
  );
  return id;
}
