import { findRunning } from '../../db/deliveries/running.ts';
import { html, table, time } from '../html.ts';
import type { Page } from './page.ts';
import { stopForm } from './stop.ts';

/** What members said and is still going out to many, with a button that stops it. */
export const runningPage: Page = {
  async show(visit) {
    const written = visit.field('more-than');
    const moreThan = /^\d{1,6}$/.test(written) ? Number(written) : MORE_THAN;
    const running = await findRunning(visit.runtime.db, { moreThan, limit: MOST });
    return {
      title: 'Running broadcasts',
      main: html`<p>Messages of members of which more than ${moreThan} texts have not gone out, the most first.
${moreThan === 0 ? '' : html`<a href="/ops/running?more-than=0">Show all</a>`}</p>
${table('Running broadcasts', {
  head: ['Message', 'Stop', 'Left', 'Gone out', 'Text', 'Group', 'At (UTC)'],
  rows: running.map((one) => [
    ...[html`<a href="/ops/message?id=${one.id}">${one.id}</a>`, stopForm(visit, one.id)],
    ...[one.isWritten === 1 ? one.left : `about ${one.left}`, one.gone, one.text],
    ...[html`<a href="/ops/group?id=${one.groupId}">${one.group}</a>`, time(one.acceptedAt)],
  ]),
  empty: 'Nothing is going out to as many.',
})}`,
    };
  },
};

/** Smaller ones are done before anybody looks. */
const MORE_THAN = 20;
const MOST = 50;
