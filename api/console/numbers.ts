import { listHolds } from '../../db/deliveries/sending-holds.ts';
import { listNumbers } from '../../db/groups/number-settings.ts';
import { html, table } from '../html.ts';
import { changeForm } from './change.ts';
import type { Page } from './page.ts';

/** Our numbers and the campaigns that they belong to: what each serves, and whether it is held. */
export const numbersPage: Page = {
  async show(visit) {
    const { db } = visit.runtime;
    const [numbers, holds] = await Promise.all([listNumbers(db), listHolds(db)]);
    const isHeld = (kind: string, name: string) => holds.some((one) => one.kind === kind && one.name === name);
    const held = holds.flatMap(({ kind, name }) => (kind === 'campaign' ? name : []));
    const campaigns = [...new Set([...numbers.flatMap(({ campaign }) => campaign ?? []), ...held])].sort();
    return {
      title: 'Numbers and campaigns',
      main: html`<h2>Numbers</h2>
${table('Numbers', {
  head: ['Number', 'For', 'State', 'Carrier', 'Class', 'Campaign', 'Members', 'Id in the log', 'Sending'],
  rows: numbers.map((one) => [
    ...[one.phone, one.kind, isHeld('number', one.phone) ? 'held' : one.retired === 1 ? 'retired' : 'in use'],
    ...[one.carrier, one.class, one.campaign ?? '', one.members, one.id],
    changeForm(visit, isHeld('number', one.phone) ? 'resume-number' : 'pause-number', { of: one.phone }),
  ]),
})}
<h2>Campaigns</h2>
${table('Campaigns', {
  head: ['Campaign', 'State', 'Numbers', 'Members', 'Sending'],
  rows: campaigns.map((name) => {
    const its = numbers.filter(({ campaign }) => campaign === name);
    const members = its.reduce((sum, one) => sum + one.members, 0);
    const isPaused = isHeld('campaign', name);
    const form = changeForm(visit, isPaused ? 'resume-campaign' : 'pause-campaign', { of: name });
    return [name, isPaused ? 'held' : 'in use', its.length, members, form];
  }),
  empty: 'No number belongs to a campaign.',
})}`,
    };
  },
};
