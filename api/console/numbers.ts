import { listHolds } from '../../db/deliveries/sending-holds.ts';
import { listNumbers } from '../../db/groups/number-settings.ts';
import { html, table } from './html.ts';
import type { Page } from './page.ts';

/** Our numbers and the campaigns that they belong to: what each serves, and whether it is held. */
export const numbersPage: Page = {
  async show({ runtime: { db } }) {
    const [numbers, holds] = await Promise.all([listNumbers(db), listHolds(db)]);
    const isHeld = (kind: string, name: string) => holds.some((one) => one.kind === kind && one.name === name);
    const campaigns = [...new Set(numbers.flatMap(({ campaign }) => campaign ?? []))].sort();
    return {
      title: 'Numbers and campaigns',
      main: html`<h2>Numbers</h2>
${table('Numbers', {
  head: ['Number', 'For', 'State', 'Carrier', 'Class', 'Campaign', 'Members', 'Id in the log'],
  rows: numbers.map((one) => [
    ...[one.phone, one.kind, isHeld('number', one.phone) ? 'held' : one.retired === 1 ? 'retired' : 'in use'],
    ...[one.carrier, one.class, one.campaign ?? '', one.members, one.id],
  ]),
})}
<h2>Campaigns</h2>
${table('Campaigns', {
  head: ['Campaign', 'State', 'Numbers', 'Members'],
  rows: campaigns.map((name) => {
    const its = numbers.filter(({ campaign }) => campaign === name);
    const members = its.reduce((sum, one) => sum + one.members, 0);
    return [name, isHeld('campaign', name) ? 'held' : 'in use', its.length, members];
  }),
  empty: 'No number belongs to a campaign.',
})}`,
    };
  },
};
