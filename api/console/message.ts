import type { MessageSheet } from '../../db/messages/message-sheet.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { findMessage } from '../../engine/usecases/operating/find-message.ts';
import { type LifeEvent, lifeOf, type Traced, traceMessage } from '../../engine/usecases/operating/trace-message.ts';
import { facts, type Html, html, table, time } from '../html.ts';
import { changeForm } from './change.ts';
import { nothing, type Page } from './page.ts';
import { stopForm } from './stop.ts';

/** The life of a message, as `message trace` has it. */
export const messagePage: Page = {
  async show(visit) {
    const { runtime, field } = visit;
    const message = field('id') === '' ? undefined : await findMessage(runtime.db, field('id'), new Date());
    if (message === undefined) return nothing('There is no message of this id.');
    const { deliveries, money } = await traceMessage(runtime.db, message);
    const waiting = deliveries.filter(({ state }) => state === 'queued').length;
    const mayStop =
      message.kind === 'said' && message.cancelledAt === null && (waiting > 0 || message.pending !== null);
    return {
      title: `Message ${message.id}`,
      main: html`<p class="said">${message.text === '' ? '(no text)' : message.text}</p>
${mayStop ? html`<p>${waiting} of its texts have not gone out.</p>${stopForm(visit, message.id)}` : ''}
${facts([
  ['Group', groupOf(message)],
  ['From', message.from === null ? 'the system' : `${message.from}${message.fromName ? ` (${message.fromName})` : ''}`],
  ['To', message.to ?? 'all'],
  ['Pictures', message.media.length],
  ['Payer', money.payer ?? 'nobody'],
  ['Paid', inDollars(money.paid)],
  ['Carrier’s charge', `${money.carrierCost} pennies`],
])}
${deliveries.some(isFailed) ? changeForm(visit, 'requeue-message', { of: message.id }) : ''}
<h2>Its life</h2>
<ol class="life">${lifeOf(message, deliveries).map(({ at, what }: LifeEvent) => html`<li>${time(at)}${what}</li>`)}</ol>
<h2>Texts (${deliveries.length})</h2>
<p>${countsOf(deliveries)}</p>
${deliveryTable(deliveries)}`,
    };
  },
};

function groupOf({ groupId, group, messageId }: MessageSheet): Html {
  if (groupId === null) return html`none`;
  return html`<a href="/ops/group?id=${groupId}">${group}</a>${messageId === null ? '' : `, no. ${messageId}`}`;
}

function countsOf(deliveries: readonly Traced[]): string {
  const counts = new Map<string, number>();
  for (const { state } of deliveries) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}

/** What went wrong comes first: of many, only the first are shown. */
function deliveryTable(deliveries: readonly Traced[]): Html {
  const shown = deliveries.toSorted((a, b) => Number(isFailed(b)) - Number(isFailed(a))).slice(0, MOST);
  return html`${table('Texts', {
    head: ['Phone', 'Through', 'Part', 'State', 'Tries', 'Why', 'Carrier id', 'Sent (UTC)', 'Ended (UTC)'],
    rows: shown.map((one) => [
      ...[one.phone, one.number, one.part + 1, stateOf(one), one.attempts],
      ...[[one.errorCode, one.reason].filter((said) => said !== null).join(' '), one.carrierId ?? ''],
      ...[time(one.sentAt), time(one.endedAt)],
    ]),
  })}${deliveries.length > MOST ? html`<p>${MOST} of them; all are in <code>admin message trace</code>.</p>` : ''}`;
}

const isFailed = ({ state }: Traced): boolean => state === 'failed' || state === 'undelivered';

function stateOf({ state, via }: Traced): Html {
  const look = state === 'delivered' ? 'good-text' : isBad.has(state) ? 'bad-text' : '';
  return html`<span class="${look}">${state}</span>${via === 'push' ? ' (push)' : ''}`;
}

const isBad: ReadonlySet<string> = new Set(['failed', 'undelivered', 'unknown']);
const MOST = 500;
