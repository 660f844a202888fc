import type { Sql } from '../../../db/connect.ts';
import { readTracedDeliveries, type TracedDelivery } from '../../../db/deliveries/trace.ts';
import type { MessageSheet } from '../../../db/messages/message-sheet.ts';
import { readAttemptLog } from '../../rules/attempt-log.ts';

/** A delivery with what the carrier said last of each try. */
export type Traced = Omit<TracedDelivery, 'attemptLog'> & { tries: ReturnType<typeof readAttemptLog> };
/** Pennies; the carriers charge fractions of them. */
export type TracedMoney = { payer: string | null; reserved: number | null; paid: number; carrierCost: number };

/** The whole life of a message: each delivery with its tries, and the money. */
export async function traceMessage(
  sql: Sql,
  sheet: MessageSheet,
): Promise<{ deliveries: Traced[]; money: TracedMoney }> {
  const deliveries = (await readTracedDeliveries(sql, sheet.id)).map(({ attemptLog, ...delivery }) => ({
    ...delivery,
    tries: readAttemptLog(attemptLog),
  }));
  const money = {
    payer: sheet.payer,
    reserved: sheet.held,
    paid: deliveries.reduce((sum, { charged }) => sum + charged, 0),
    carrierCost: deliveries.reduce((sum, { carrierCost }) => sum + carrierCost, 0) / 100,
  };
  return { deliveries, money };
}

export type LifeEvent = { at: Date; what: string };

/** What happened to a message, in the order of time: first and last of what happened to many. */
export function lifeOf(sheet: MessageSheet, deliveries: readonly Traced[]): LifeEvent[] {
  const way = sheet.inboundId === null ? (sheet.from === null ? 'by us' : 'by a call') : `by text ${sheet.inboundId}`;
  const version = sheet.rosterVersion === null ? '' : `, for roster version ${sheet.rosterVersion}`;
  const request = sheet.requestId === null ? '' : `, request ${sheet.requestId}`;
  const times = (of: 'createdAt' | 'queuedAt' | 'sentAt') => deliveries.flatMap((one) => one[of] ?? []);
  const ends = new Map<string, Date[]>();
  for (const { state, endedAt } of deliveries)
    if (endedAt !== null) ends.set(state, [...(ends.get(state) ?? []), endedAt]);
  const events = [
    { at: sheet.acceptedAt, what: `accepted ${way}${version}${request}` },
    ...firstAndLast(times('createdAt').slice(0, 1), `fanned out into ${deliveries.length} texts`),
    ...firstAndLast(times('queuedAt'), 'slot to send'),
    ...firstAndLast(times('sentAt'), 'taken by the carrier'),
    ...[...ends].flatMap(([state, at]) => firstAndLast(at, state)),
    ...(sheet.cancelledAt === null ? [] : [{ at: sheet.cancelledAt, what: 'cancelled by an operator' }]),
  ];
  return events.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function firstAndLast(times: readonly Date[], what: string): LifeEvent[] {
  const inOrder = times.toSorted((a, b) => a.getTime() - b.getTime());
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (inOrder.length === 1) return [{ at: first, what }];
  return [
    { at: first, what: `${what}: the first of ${inOrder.length}` },
    { at: last, what: `${what}: the last of ${inOrder.length}` },
  ];
}
