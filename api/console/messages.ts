import type { FoundMessage } from '../../db/messages/message-search.ts';
import { type Html, html, table, time } from '../html.ts';

/** Messages in a list, each with a way to its life. */
export function messageTable(messages: readonly FoundMessage[]): Html {
  return table('Messages', {
    head: ['Message', 'At (UTC)', 'Group', 'No.', 'From', 'Text'],
    rows: messages.map((one) => [
      ...[html`<a href="/ops/message?id=${one.id}">${one.id}</a>`, time(one.acceptedAt), one.group ?? '(ours)'],
      ...[one.messageId, one.from ?? '', `${one.cancelled === 1 ? '(cancelled) ' : ''}${one.text}`],
    ]),
  });
}
