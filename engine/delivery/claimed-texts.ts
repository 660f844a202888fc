import type { Payer } from '../../db/billing/accounts.ts';
import { transact } from '../../db/connect.ts';
import { findBarred } from '../../db/deliveries/barred.ts';
import { type Batch, type BatchPayload, batchName } from '../../db/deliveries/batches.ts';
import { markSkipped, readSendPayloads, type SendPayload } from '../../db/deliveries/claims.ts';
import { readMedia } from '../../db/messages/messages.ts';
import { countEvents } from '../platform/events.ts';
import type { Recipient } from '../platform/recipients.ts';
import type { Runtime } from '../platform/runtime.ts';
import { isReserved } from '../rules/status.ts';
import { splitDelivered } from '../rules/text.ts';
import { settleFees } from './fees.ts';

/** What to send, and until when, on a clock that nobody sets: by then another may have the next try. */
export type Claimed = { personId: number } & Pick<
  SendPayload,
  'from' | 'to' | 'text' | 'cost' | 'numberId' | 'requestId'
> & {
    media: string[];
    isSecret: boolean;
    sendBy: number;
    payer: Payer | null;
    /** Its network takes no more of its campaign until then. */
    heldUntil?: Date;
  };

/** As every line of a request has it, of whatever process. */
export function requestOf(text: Pick<Claimed, 'requestId'> | undefined): { requestId?: string } {
  const requestId = text?.requestId ?? null;
  return requestId === null ? {} : { requestId };
}

/** A batch that nobody has claimed, and what is asked of it. */
export type Free = BatchPayload & Batch;

/** What is to be sent of each batch: from the roster while that holds, else row by row. */
export async function textsOf(
  runtime: Runtime,
  { batches, sendBy }: { batches: readonly Free[]; sendBy: number },
): Promise<ReadonlyMap<Free, Claimed[]>> {
  const rosters = new Map<Free, readonly Recipient[]>();
  for (const batch of batches) {
    const members = await membersOf(runtime, batch);
    if (members !== null) rosters.set(batch, members);
  }
  const all = [...rosters.values()].flat();
  const barred = await findBarred(runtime.db, {
    personIds: [...new Set(all.map(({ personId }) => personId))],
    membershipIds: all.map(({ id }) => id),
  });
  const texts = new Map<Free, Claimed[]>();
  const byRow = new Map<string, Free>();
  for (const batch of batches) {
    const members = rosters.get(batch);
    const holds = members !== undefined && !members.some(({ personId }) => barred.has(personId));
    if (!holds) byRow.set(batchName(batch), batch);
    texts.set(batch, holds ? textsTo(members, { batch, sendBy }) : []);
  }
  for (const one of byRow.size === 0 ? [] : await readWanted(runtime, byRow)) {
    const batch = byRow.get(batchName(one));
    if (batch !== undefined) texts.get(batch)?.push(toText(one, sendBy));
  }
  return texts;
}

/**
 * Null where the roster cannot say who gets it: somebody left or was blocked meanwhile or is to get nothing, it has no such
 * member, or it is not the first try, which something may have been heard about.
 */
async function membersOf(runtime: Runtime, batch: Free): Promise<Recipient[] | null> {
  const { groupId, version, tag, unchanged, text, media, numberId } = batch;
  if (batch.attempt > 1 || batch.barred === 1 || unchanged === 0 || groupId === null || (text === '' && media === null))
    return null;
  const recipients = await runtime.rosters.readRecipients({ groupId, version, tag });
  const members: Recipient[] = [];
  for (const personId of batch.to) {
    const member = recipients.find(personId);
    if (member === undefined || member.numberId !== numberId) return null;
    members.push(member);
  }
  return members;
}

/** What members say holds no PIN of ours. */
function textsTo(members: readonly Recipient[], { batch, sendBy }: { batch: Free; sendBy: number }): Claimed[] {
  const { cost, numberId, requestId } = batch;
  const { text, media } = wordsOf(batch);
  const payer = payerOf(batch);
  return members.map(
    ({ personId, number: from, phone: to }): Claimed => ({
      personId,
      from,
      to,
      text,
      media,
      isSecret: false,
      cost,
      numberId,
      requestId,
      payer,
      sendBy,
    }),
  );
}

/** Reads what still waits to be sent of these batches, and writes down what is not to be sent any more. */
async function readWanted(runtime: Runtime, batches: ReadonlyMap<string, Free>): Promise<SendPayload[]> {
  const now = new Date();
  const keys = [...batches.values()].flatMap(({ messageId, part, to }) =>
    to.map((personId) => ({ messageId, personId, part })),
  );
  const waiting = (await readSendPayloads(runtime.db, keys)).filter(
    (one) => one.state === 'queued' && one.attempt + 1 === batches.get(batchName(one))?.attempt,
  );
  const skipped = waiting.filter((one) => whySkipped(one) !== null);
  for (const one of skipped) await skip(runtime, one, now);
  return waiting.filter((one) => whySkipped(one) === null);
}

/** What was reserved for it is free again. */
async function skip(runtime: Runtime, payload: SendPayload, now: Date): Promise<void> {
  const { messageId, state, cost } = payload;
  const isSkipped = await transact(runtime.db, async (tx) => {
    if (!(await markSkipped(tx, { key: payload, reason: whySkipped(payload) ?? '', now }))) return false;
    await settleFees(tx, [{ messageId, amount: 0, released: isReserved({ state }) ? cost : 0 }], now);
    return true;
  });
  if (isSkipped) countEvents(runtime, { skipped: 1 });
}

function toText(payload: SendPayload, sendBy: number): Claimed {
  const { personId, from, to, cost, numberId, requestId } = payload;
  const isSecret = payload.secret === 1;
  return {
    personId,
    from,
    to,
    ...wordsOf(payload),
    isSecret,
    cost,
    numberId,
    requestId,
    payer: payerOf(payload),
    sendBy,
  };
}

function payerOf({ payerId, held }: Pick<SendPayload, 'payerId' | 'held'>): Payer | null {
  return payerId === null ? null : { accountId: payerId, held };
}

/** Long texts are rare: nearly always the one part is the text. Media go with the first. */
function wordsOf({ text, media, part }: Pick<SendPayload, 'text' | 'media' | 'part'>): Pick<Claimed, 'text' | 'media'> {
  return { text: splitDelivered(text)[part] ?? '', media: part === 0 ? readMedia(media) : [] };
}

function whySkipped(payload: SendPayload): string | null {
  const { blocked, gone, cancelled, muted, off, suspended, ignoreOptOut, text, media } = payload;
  if (cancelled === 1) return 'cancelled';
  if (blocked === 1 && ignoreOptOut === 0) return 'blocked';
  if (text === '' && media === null) return 'expired';
  if (gone === 1) return 'gone';
  if (off === 1) return 'sms';
  if (muted === 1) return 'muted';
  return suspended === 1 ? 'suspended' : null;
}
