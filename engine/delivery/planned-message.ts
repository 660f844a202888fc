import type { NewDelivery } from '../../db/deliveries/deliveries.ts';
import type { PendingMessage } from '../../db/deliveries/pending-messages.ts';
import type { NewPush } from '../../db/deliveries/pushes.ts';
import { readMedia } from '../../db/messages/messages.ts';
import type { Runtime } from '../platform/runtime.ts';
import { fanOutIdOf } from '../platform/trace-ids.ts';
import { openTracing } from '../platform/tracing.ts';
import { type Recipient, recipientsOf } from '../rules/audience.ts';
import { pricesOf } from '../rules/price.ts';
import { sizeOfParts, type TextSize } from '../rules/text-size.ts';
import type { Roster } from '../rules/types.ts';
import type { Bundling } from './bundling.ts';
import type { Request } from './fair-queue.ts';
import { whoGetsPush } from './pushes.ts';

/**
 * A message with what is to be written for each of its recipients; `size` is that of each text, `batches`: its group wants
 * to know when it becomes busy.
 */
export type Planned = {
  message: PendingMessage;
  deliveries: NewDelivery[];
  pushes: NewPush[];
  size: TextSize;
  batches: boolean;
};

/** Whom a message to a list is for. */
export type Listed = { listed: readonly number[] | null };

export async function planDeliveries(
  runtime: Runtime,
  {
    message,
    roster,
    bundling,
    now,
  }: { message: PendingMessage & Listed; roster: Roster; bundling: Bundling | null; now: Date },
): Promise<Planned> {
  const { config } = runtime;
  const media = readMedia(message.media);
  const prices = pricesOf({
    text: message.text,
    media,
    pricePerSegment: config.PRICE_PER_SEGMENT,
    pricePerMms: config.PRICE_PER_MMS,
  });
  const said = { senderId: message.senderId, toId: message.toId, cc: message.cc === 1, listed: message.listed };
  const recipients = recipientsOf(roster, said, now.getTime()).map(({ member, skip }) => ({
    member,
    skip: message.gone ?? skip ?? (bundling?.isOwed(member) ? 'batched' : null),
  }));
  const pushed = await whoGetsPush(
    runtime,
    recipients.flatMap(({ member, skip }) => (skip === null ? [member] : [])),
  );
  const isPushed = ({ member }: Pick<Recipient, 'member'>) => pushed.has(member.personId);
  const pushes = recipients.filter(isPushed).map(({ member }) => ({
    messageId: message.id,
    personId: member.personId,
    part: 0,
    numberId: member.numberId,
    membershipId: member.id,
  }));
  const texted = pushes.length === 0 ? recipients : recipients.filter((recipient) => !isPushed(recipient));
  const deliveries = texted.flatMap(({ member, skip }) =>
    prices.map(
      ({ cost }, part): NewDelivery => ({
        messageId: message.id,
        personId: member.personId,
        part,
        numberId: member.numberId,
        membershipId: member.id,
        state: skip === null ? 'queued' : 'skipped',
        reason: skip,
        cost,
        queuedAt: null,
        batch: null,
      }),
    ),
  );
  const { batches, hot } = roster.group;
  return { message, deliveries, pushes, size: sizeOfParts(prices, media), batches: batches && !hot };
}

/** The slots that it needs, of each number. */
export function requestsOf({ message, deliveries, size }: Planned): Request[] {
  const counts = new Map<number, number>();
  for (const { state, numberId } of deliveries)
    if (state === 'queued') counts.set(numberId, (counts.get(numberId) ?? 0) + 1);
  return [...counts].map(([numberId, count]) => ({
    urgent: false,
    numberId,
    groupId: message.groupId,
    messageId: message.id,
    count,
    size,
  }));
}

/** What became of a message, for the log and for its trace. */
export type FannedOut = { requestId?: string; message: number; group: number; texts: number; pushes: number };

export function summaryOf({ message, deliveries, pushes }: Planned): FannedOut {
  const { id, requestId, groupId } = message;
  const counts = { texts: deliveries.length, pushes: pushes.length };
  return { ...(requestId === null ? {} : { requestId }), message: id, group: groupId, ...counts };
}

/** One line and, where traces are on, one span a message. */
export function tellFannedOut(runtime: Runtime, all: readonly FannedOut[], startedAt: number): void {
  const tracing = runtime.use(openTracing);
  for (const one of all) {
    runtime.log.info(one, 'a message was fanned out');
    const { requestId, message, texts } = one;
    if (!tracing.isOn || requestId === undefined) continue;
    const span = tracing.begin({
      ...{ requestId, name: 'fan-out', kind: 'consumer', startedAt, spanId: fanOutIdOf(requestId, message) },
      attributes: { 'messaging.message.id': String(message), 'texting.texts': texts },
    });
    span.end();
  }
}
