import type { MessageSheet } from '../../db/messages/message-sheet.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { type Traced, type TracedMoney, traceMessage } from '../../engine/usecases/operating/trace-message.ts';
import type { Command } from './command.ts';
import { messageOf, nameOf } from './messages.ts';
import { tableOf } from './table.ts';

export const messageTrace: Command = {
  words: ['message', 'trace'],
  takes: ['<message>'],
  does: 'shows the whole life of a message: the text or call that said it, its roster, its fan-out, each delivery with its tries and what the carrier said of them, and the money. It is named by its row (message find), a delivery (12-7-0-1) or a carrier’s id of this week',
  examples: ['message trace 4711', 'message trace 4711-12-0-1 --json'],
  async run(call) {
    const sheet = await messageOf(call, call.args[0] ?? '');
    const { deliveries, money } = await traceMessage(call.db, sheet);
    const text = [...linesOf(sheet), fanOutOf(sheet, deliveries), moneyOf(money), tableOfAll(deliveries)].join('\n');
    return { text, json: { message: sheet, deliveries, money } };
  },
};

function linesOf(sheet: MessageSheet): string[] {
  const { from, fromName, to, inboundId, rosterVersion, acceptedAt, text, media, cancelledAt, requestId } = sheet;
  const by = from === null ? 'the system' : `${from}${fromName === null ? '' : ` (${fromName})`}`;
  const way = inboundId === null ? (from === null ? '' : ', by a call') : `, by text ${inboundId}`;
  return [
    `${nameOf(sheet)}, from ${by}${to === null ? '' : ` to ${to} alone`}${way}`,
    `accepted ${acceptedAt.toISOString()}${rosterVersion === null ? '' : `, for roster version ${rosterVersion}`}${requestId === null ? '' : `, request ${requestId}`}`,
    ...(cancelledAt === null ? [] : [`cancelled ${cancelledAt.toISOString()}`]),
    `text: ${text === '' ? '(none)' : text}`,
    ...media.map((address) => `picture: ${address}`),
  ];
}

function fanOutOf({ pending }: MessageSheet, deliveries: readonly Traced[]): string {
  const [first] = deliveries;
  if (first === undefined) return pending === null ? 'fanned out: it was for nobody' : 'not fanned out yet';
  const waits = deliveries.filter(({ state, queuedAt }) => state === 'queued' && queuedAt === null).length;
  return `fanned out ${first.createdAt.toISOString()}: ${deliveries.length} texts, ${waits} of them wait for a slot`;
}

function moneyOf({ payer, reserved, paid, carrierCost }: TracedMoney): string {
  const taken = `the carriers charge ${carrierCost} pennies`;
  if (payer === null) return `paid by nobody; ${taken}`;
  return `paid by ${payer}: ${inDollars(paid)} (${inDollars(reserved ?? 0)} were reserved); ${taken}`;
}

function tableOfAll(deliveries: readonly Traced[]): string {
  const cells = deliveries.map((one) => [
    ...[one.phone, one.number, String(one.part + 1), one.via === 'push' ? `${one.state} (push)` : one.state],
    ...[String(one.attempts), lastWords(one), [one.errorCode, one.reason].filter((said) => said !== null).join(' ')],
    ...[one.carrierId ?? '', timeOf(one.queuedAt), timeOf(one.sentAt), timeOf(one.endedAt)],
  ]);
  const head = ['phone', 'through', 'part', 'state', 'tries', 'reports', 'why', 'carrier id', 'slot', 'sent', 'ended'];
  return tableOf(head, cells, { numbers: 0 });
}

function lastWords({ tries }: Traced): string {
  return Object.entries(tries)
    .map(([attempt, { status }]) => `${attempt} ${status}`)
    .join(', ');
}

function timeOf(at: Date | null): string {
  return at === null ? '' : at.toISOString();
}
