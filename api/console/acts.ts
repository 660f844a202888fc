import { readAudit } from '../../db/audit.ts';
import { html, table, time } from '../html.ts';
import type { Page } from './page.ts';

/** What operators did, from here and from the command line. */
export const actsPage: Page = {
  async show({ runtime: { db } }) {
    const acts = await readAudit(db, MOST);
    return {
      title: 'Audit',
      main: html`<p>The last ${MOST} acts of operators, the newest first; one that is still <em>begun</em> died half-way.</p>
${table('Acts', {
  head: ['At (UTC)', 'Who', 'What', 'Why', 'Outcome'],
  rows: acts.map(({ beganAt, who, act, words, reason, outcome }) => [
    ...[time(beganAt), who, `${act} ${words}`, reason ?? '', outcome],
  ]),
})}`,
    };
  },
};

const MOST = 100;
